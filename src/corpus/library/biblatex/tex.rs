//! Works around TeX that the `biblatex` crate misreads or leaves in place: rewritten before it parses,
//! cleaned up afterwards.

use std::borrow::Cow;

/// Marks around parts of a text: code points for private use, in pairs. In order: `\\emph`, `\\textbf`,
/// `\\textsuperscript`, `\\textsubscript`, `\\textsc`, and a group in braces, which protects its capitals.
pub(in crate::corpus::library) const MARKS: [[char; 2]; 6] = [
    ['\u{e000}', '\u{e001}'],
    ['\u{e002}', '\u{e003}'],
    ['\u{e004}', '\u{e005}'],
    ['\u{e006}', '\u{e007}'],
    ['\u{e008}', '\u{e009}'],
    ['\u{e010}', '\u{e011}'],
];

/// `tex` with [`MARKS`] in place of the commands and braces that they stand for. Braces that begin with a command
/// (`{\\"o}`) and arguments of other commands protect nothing and stay.
pub(super) fn with_marks(tex: &str) -> Cow<'_, str> {
    if !tex.contains('{') {
        return Cow::Borrowed(tex);
    }
    let mut out = String::with_capacity(tex.len() + 16);
    // How each open group is closed.
    let mut open: Vec<String> = Vec::new();
    let mut rest = tex;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let (word, behind) = rest.split_at(length);
                let mark = match word {
                    "emph" | "textit" | "mkbibemph" | "textsl" => Some(0),
                    "textbf" | "mkbibbold" => Some(1),
                    "textsuperscript" => Some(2),
                    "textsubscript" => Some(3),
                    "textsc" => Some(4),
                    _ => None,
                };
                let quotes = matches!(word, "enquote" | "mkbibquote").then_some(["“", "”"]);
                if let Some(inner) = behind.strip_prefix('{').filter(|_| mark.is_some() || quotes.is_some()) {
                    match mark {
                        Some(mark) => {
                            out.push(MARKS[mark][0]);
                            open.push(MARKS[mark][1].to_string());
                        }
                        None => {
                            out.push('“');
                            open.push("”".to_owned());
                        }
                    }
                    rest = inner;
                } else {
                    // The command, or the escaped letter or accent.
                    let after = behind.chars().next().filter(|_| length == 0);
                    out.push('\\');
                    out.push_str(word);
                    out.extend(after);
                    rest = &behind[after.map_or(0, char::len_utf8)..];
                    if let Some(inner) =
                        rest.strip_prefix('{').filter(|_| length > 0 || after.is_some_and(is_accent))
                    {
                        out.push('{');
                        open.push("}".to_owned());
                        rest = inner;
                    }
                }
            }
            '{' if rest.starts_with('\\') => {
                out.push('{');
                open.push("}".to_owned());
            }
            '{' => {
                out.push(MARKS[5][0]);
                open.push(MARKS[5][1].to_string());
            }
            '}' => match open.pop() {
                Some(close) => out.push_str(&close),
                None => out.push('}'),
            },
            c => out.push(c),
        }
    }
    for close in open.into_iter().rev() {
        out.push_str(&close);
    }
    Cow::Owned(out)
}

/// Returns true if `\\` with this character is an accent, which takes the letter after it.
fn is_accent(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '^' | '~' | '=' | '.')
}

/// Commands that are themselves letters; followed by `{}`, the crate takes some of them for accents.
const LETTERS: [&str; 15] =
    ["aa", "AA", "ae", "AE", "oe", "OE", "o", "O", "l", "L", "ss", "dh", "DH", "th", "TH"];

/// The TeX of the field `name`, rewritten so that the crate reads it correctly: `\"\i` becomes `\"i`, `\o{}`
/// becomes `{\o}`, a link becomes its text, and the `and` between names is accepted in any case.
pub(super) fn prepared<'t>(name: &str, tex: &'t str) -> Cow<'t, str> {
    let tex = if matches!(name, "author" | "editor") { joined(tex) } else { Cow::Borrowed(tex) };
    if !tex.contains('\\') {
        return tex;
    }
    let mut out = String::with_capacity(tex.len());
    let mut rest = &*tex;
    let mut accented = false;
    while let Some(at) = rest.find('\\') {
        accented &= at == 0;
        out.push_str(&rest[..at]);
        let command = &rest[at + 1..];
        let length = command.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(command.len());
        let (word, behind) = command.split_at(length);
        rest = behind;
        if length == 0 {
            // A non-letter after the backslash: an accent, an escape or another backslash.
            let mark = command.chars().next();
            out.push('\\');
            out.extend(mark);
            accented = matches!(mark, Some('"' | '\'' | '`' | '^' | '~' | '=' | '.'));
            rest = &command[mark.map_or(0, char::len_utf8)..];
            continue;
        }
        if let Some(letter) = dotless(word, behind) {
            out.push('\\');
            out.push_str(word);
            out.push('{');
            out.push_str(letter.0);
            out.push('}');
            rest = letter.1;
        } else if accented && matches!(word, "i" | "j") {
            out.push_str(word);
            // The blank only ends the command.
            rest = behind.trim_start_matches(' ');
        } else if let (true, Some(after)) = (LETTERS.contains(&word), behind.strip_prefix("{}")) {
            out.push_str("{\\");
            out.push_str(word);
            out.push('}');
            rest = after;
        } else if word == "href" && behind.starts_with('{') {
            rest = behind.find('}').map_or(behind, |end| &behind[end + 1..]);
        } else {
            out.push('\\');
            out.push_str(word);
        }
        accented = false;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// For a letter-named accent such as `\u` over a dotless `\i` or `\j`, in braces or after a blank: the base
/// letter and the rest of the text.
fn dotless<'t>(accent: &str, behind: &'t str) -> Option<(&'static str, &'t str)> {
    if !matches!(accent, "u" | "v" | "H" | "c" | "k" | "r" | "d" | "b" | "t") {
        return None;
    }
    let rest = behind.trim_start_matches(' ');
    let (rest, braced) =
        rest.strip_prefix('{').map_or((rest, false), |rest| (rest.trim_start_matches(' '), true));
    let letter = [("\\i", "i"), ("\\j", "j")].into_iter().find(|(tex, _)| rest.starts_with(tex))?;
    let rest = &rest[letter.0.len()..];
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = rest.strip_prefix("{}").unwrap_or(rest);
    let rest = rest.trim_start_matches(' ');
    if braced { Some((letter.1, rest.strip_prefix('}')?)) } else { Some((letter.1, rest)) }
}

/// Normalizes the `and` between names: BibTeX accepts any case, but the crate only lower case, and it takes a
/// trailing "and" for a name.
fn joined(tex: &str) -> Cow<'_, str> {
    let and = |word: &str| word.eq_ignore_ascii_case("and");
    let words: Vec<&str> = tex.split_whitespace().collect();
    let ends = words.last().is_some_and(|word| and(word)) || words.first().is_some_and(|word| and(word));
    if !ends && !words.iter().any(|word| and(word) && *word != "and") {
        return Cow::Borrowed(tex);
    }
    let mut depth = 0_usize;
    let mut names: Vec<String> = vec![String::new()];
    for word in words {
        match names.last_mut() {
            Some(name) if !(depth == 0 && and(word)) => {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(word);
            }
            Some(_) | None => names.push(String::new()),
        }
        depth = (depth + word.matches('{').count()).saturating_sub(word.matches('}').count());
    }
    names.retain(|name| !name.is_empty());
    Cow::Owned(names.join(" and "))
}

/// The character for a command that the crate does not know.
fn sign(command: &str) -> &'static str {
    match command {
        "ldots" | "dots" | "textellipsis" => "…",
        "texteuro" | "euro" => "€",
        "textmu" | "textmugreek" | "mu" | "micro" => "µ",
        "slash" => "/",
        "LaTeX" | "LaTeXe" => "LaTeX",
        "TeX" => "TeX",
        "BibTeX" => "BibTeX",
        "textdegree" | "degree" | "celsius" => "°",
        "textohm" | "Omega" => "Ω",
        "texttimes" | "times" => "×",
        "textpm" | "pm" => "±",
        "cdot" | "textperiodcentered" | "textbullet" => "·",
        "div" => "÷",
        "textrightarrow" | "rightarrow" | "to" => "→",
        "textleftarrow" | "leftarrow" => "←",
        "leq" | "le" => "≤",
        "geq" | "ge" => "≥",
        "neq" | "ne" => "≠",
        "approx" => "≈",
        "sim" => "∼",
        "textasciitilde" => "~",
        "infty" => "∞",
        "sum" => "∑",
        "partial" => "∂",
        "nabla" => "∇",
        "ell" => "ℓ",
        "hbar" => "ℏ",
        "circ" => "°",
        "prime" | "textprime" => "′",
        "textregistered" => "®",
        "texttrademark" => "™",
        "copyright" | "textcopyright" => "©",
        "pounds" | "textsterling" => "£",
        "textyen" | "yen" => "¥",
        "textcent" => "¢",
        "S" | "textsection" => "§",
        "P" | "textparagraph" => "¶",
        "dag" | "textdagger" => "†",
        "ddag" | "textdaggerdbl" => "‡",
        "textonehalf" => "½",
        "textonequarter" => "¼",
        "textthreequarters" => "¾",
        "textonesuperior" => "¹",
        "texttwosuperior" => "²",
        "textthreesuperior" => "³",
        "textordfeminine" => "ª",
        "textordmasculine" => "º",
        "guillemotleft" | "guillemetleft" => "«",
        "guillemotright" | "guillemetright" => "»",
        "quotedblbase" => "„",
        "quotesinglbase" => "‚",
        "textquotedblleft" => "“",
        "textquotedblright" => "”",
        "textquoteleft" => "‘",
        "textquoteright" => "’",
        "textexclamdown" => "¡",
        "textquestiondown" => "¿",
        "textbackslash" => "\\",
        "textunderscore" => "_",
        "textless" => "<",
        "textgreater" => ">",
        "textbar" => "|",
        "alpha" | "textalpha" => "α",
        "beta" | "textbeta" => "β",
        "gamma" | "textgamma" => "γ",
        "delta" | "textdelta" => "δ",
        "epsilon" | "varepsilon" | "textepsilon" => "ε",
        "zeta" => "ζ",
        "eta" => "η",
        "theta" | "vartheta" => "θ",
        "iota" => "ι",
        "kappa" | "textkappa" => "κ",
        "lambda" | "textlambda" => "λ",
        "nu" => "ν",
        "xi" => "ξ",
        "pi" | "textpi" => "π",
        "rho" | "varrho" => "ρ",
        "sigma" | "textsigma" => "σ",
        "tau" => "τ",
        "upsilon" => "υ",
        "phi" | "varphi" => "φ",
        "chi" => "χ",
        "psi" => "ψ",
        "omega" => "ω",
        "Gamma" => "Γ",
        "Delta" | "textDelta" => "Δ",
        "Theta" => "Θ",
        "Lambda" => "Λ",
        "Xi" => "Ξ",
        "Pi" => "Π",
        "Sigma" => "Σ",
        "Phi" => "Φ",
        "Psi" => "Ψ",
        _ => "",
    }
}

/// Removes the TeX that the crate leaves: unknown commands are reduced to their argument, `~` becomes a
/// space, and doubled quotes become quotation marks.
pub(super) fn clean(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut opened = 0_usize;
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek().is_some_and(char::is_ascii_alphabetic) => {
                let mut name = String::new();
                while let Some(letter) = characters.next_if(char::is_ascii_alphabetic) {
                    name.push(letter);
                }
                plain.push_str(sign(&name));
                if characters.next_if_eq(&'{').is_some() {
                    opened += 1;
                } else {
                    while characters.next_if_eq(&' ').is_some() {}
                }
            }
            // Narrow spaces, and marks that print nothing.
            '\\' if characters.next_if(|c| matches!(c, ',' | ';' | ':')).is_some() => plain.push(' '),
            '\\' if characters.next_if(|c| matches!(c, '!' | '/')).is_some() => {}
            // A backslash before whitespace is a space.
            '\\' if characters.peek().is_some_and(|c| c.is_whitespace()) => {
                while characters.next_if(|c| c.is_whitespace()).is_some() {}
                plain.push(' ');
            }
            '}' if opened > 0 => opened -= 1,
            '~' => plain.push(' '),
            '`' if characters.next_if_eq(&'`').is_some() => plain.push('“'),
            '\'' if characters.next_if_eq(&'\'').is_some() => plain.push('”'),
            _ => plain.push(c),
        }
    }
    formulas(plain)
}

/// Turns simple formulas into text: `$α$` into α, `$^{14}$C` into ¹⁴C. Since `$` may also be a currency sign,
/// anything that is not a single letter and has no symbol, superscript or subscript is left unchanged.
fn formulas(text: String) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('$') {
        let (before, behind) = (&rest[..at], &rest[at + 1..]);
        let end = behind.bytes().take(LONGEST).position(|byte| byte == b'$');
        let inner = end.map(|end| &behind[..end]).unwrap_or_default();
        let letter = inner.len() == 1 && inner.starts_with(char::is_alphabetic);
        let tight = !inner.starts_with(' ') && !inner.ends_with(' ');
        out.push_str(before);
        let equation = inner.contains(['=', '<', '>', '+']) && inner.starts_with(char::is_alphabetic);
        if tight && (letter || equation || inner.contains(['^', '_']) || !inner.is_ascii()) {
            out.push_str(&levelled(inner));
            rest = &behind[inner.len() + 1..];
        } else {
            out.push('$');
            rest = behind;
        }
    }
    if out.is_empty() && rest.len() == text.len() {
        return text;
    }
    out.push_str(rest);
    out
}

/// Superscript and subscript digits in Unicode; all other characters stay on the line.
fn levelled(formula: &str) -> String {
    let mut out = String::new();
    let mut level: Option<&[char; 10]> = None;
    let mut braced = false;
    for c in formula.chars() {
        match c {
            '^' => level = Some(&['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']),
            '_' => level = Some(&['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉']),
            '{' => braced = level.is_some(),
            '}' => (level, braced) = (None, false),
            c => {
                let digit = c.to_digit(10).and_then(|digit| level?.get(digit as usize).copied());
                out.push(digit.unwrap_or(c));
                level = level.filter(|_| braced);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tex_is_prepared_for_the_crate() {
        for (name, tex, expected) in [
            ("author", "Tolsto{\\u\\i}", "Tolsto{\\u{i}}"),
            ("author", "Mickev{\\u \\i}cius, G{\\u {\\i}}", "Mickev{\\u{i}}cius, G{\\u{i}}"),
            ("author", "\\v{\\j}a \\u\\ij \\vin", "\\v{j}a \\u\\ij \\vin"),
            ("title", "na{\\\"\\i}ve", "na{\\\"i}ve"),
            ("title", "\\'\\i x \\i y \\'{\\i} \\i", "\\'ix \\i y \\'{\\i} \\i"),
            ("title", "\\o{}l \\ss{} \\emph{}", "{\\o}l {\\ss} \\emph{}"),
            ("title", "\\href{http://u}{text}", "{text}"),
            ("title", "Sand AND sea", "Sand AND sea"),
            ("author", "Lind, B. AND Moss, A. and", "Lind, B. and Moss, A."),
            ("author", "{Barnes AND Noble} And Moss", "{Barnes AND Noble} and Moss"),
            ("author", "Anderson, A. and others", "Anderson, A. and others"),
        ] {
            assert_eq!(prepared(name, tex), expected, "{tex}");
        }
        assert_eq!(
            clean("The $\\alpha$-decay of $^{14}$C and $H_2$O in $n$ steps"),
            "The α-decay of ¹⁴C and H₂O in n steps"
        );
        for amount in ["From $5 to $6", "US$5-$6", "a $b c$ d", "$ alone"] {
            assert_eq!(clean(amount), amount);
        }
        assert_eq!(clean("a\\,b \\ldots x\\ y \\slash z"), "a b …x y /z");
    }
}

//! Splits RTF into its tokens.

/// A token of RTF.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'b> {
    Open,
    Close,
    /// A control word with its number: `\par`, `\u8212`.
    Word(&'b str, Option<i32>),
    /// A control symbol: `\~`.
    Symbol(u8),
    /// A byte of text, in the code page of its font.
    Byte(u8),
}

/// The tokens of `bytes`.
pub(super) struct Tokens<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Tokens<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Skips binary data of `length` bytes.
    pub(super) fn pass_over(&mut self, length: usize) {
        self.at = self.at.saturating_add(length).min(self.bytes.len());
    }

    fn control(&mut self) -> Option<Token<'b>> {
        let rest = &self.bytes[self.at..];
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            let symbol = *rest.first()?;
            self.at += 1;
            if symbol != b'\'' {
                return Some(Token::Symbol(symbol));
            }
            let digit = |at: usize| char::from(*rest.get(at)?).to_digit(16);
            let byte = digit(1)? * 16 + digit(2)?;
            self.at += 2;
            return Some(Token::Byte(u8::try_from(byte).unwrap_or(b'?')));
        }
        let word = std::str::from_utf8(&rest[..letters]).unwrap_or_default();
        let sign = usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest[letters + sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = letters;
        let mut number = None;
        if digits > 0 {
            end = letters + sign + digits;
            number = std::str::from_utf8(&rest[letters..end]).ok().and_then(|digits| digits.parse().ok());
        }
        // One space belongs to the word.
        end += usize::from(rest.get(end) == Some(&b' '));
        self.at += end;
        Some(Token::Word(word, number))
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => match self.control() {
                    Some(token) => token,
                    None => continue,
                },
                b'\r' | b'\n' | 0 => continue,
                byte => Token::Byte(byte),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_with_one_space_and_numbers_may_be_negative() {
        let tokens: Vec<Token<'_>> = Tokens::new(b"{\\b0  a\\'e9\\u-10180?\\~\\\r\n\\'z\\").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b' '),
                Token::Byte(b'a'),
                Token::Byte(0xe9),
                Token::Word("u", Some(-10180)),
                Token::Byte(b'?'),
                Token::Symbol(b'~'),
                Token::Symbol(b'\r'),
                Token::Byte(b'z'),
            ]
        );
    }
}

//! `glossator tour`: demonstrates Glossator on the user's own brief, through the real server, as an editor
//! would show it. Writes nothing to disk; edits happen only in the open buffer. Must not answer anything
//! itself: it picks places and prints what the server says.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::client::{Client, path_of, uri_of};
use super::colour::Colour;
use super::exit::Exit;
use super::explain::write_candidate;
use super::layout::{self, columns};
use super::marks::write_card;
use super::open;
use crate::brief::Brief;
use crate::corpus::source::{Class, Source};
use crate::evidence;
use crate::text::{Encoding, FileId, FileSpan, FileText, Position, Span, Text};
use crate::workspace::Snapshot;

/// `tour`
#[derive(Debug, clap::Args)]
pub(super) struct Tour {
    /// A brief, or the folder that holds your briefs
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

/// Time limit for the first findings, which arrive once all sources have been read.
const LOAD: Duration = Duration::from_secs(60);

/// Time limit for findings after an edit.
const TYPED: Duration = Duration::from_secs(10);

/// How many completions to show.
const CANDIDATES: usize = 5;

/// How to set up each editor, in one line.
const EDITORS: [(&str, &str); 3] = [
    ("VS Code", "install the extension; see editors/vscode/README.md"),
    ("Neovim", "put editors/neovim on the runtimepath, then :help lsp"),
    ("Helix", "add editors/helix/languages.toml to your languages.toml"),
];

pub(super) fn run(
    tour: &Tour,
    terminal: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let path = open::existing(&tour.path)?;
    let root = open::root_of(&path);
    let mut host = open::load(&root, err)?;
    let wanted = FileId::new(path.clone());
    if path.is_file() {
        open::make_brief(&mut host, &wanted)?;
    }
    let snapshot = host.snapshot();
    let has_sources = snapshot.corpus.sources().iter().any(|source| source.volume().is_some());
    let Some(stage) = Stage::choose(&snapshot, &root, &path) else {
        bail!(
            "{}: no brief with a citation and no source was found, so there is nothing to show. \
             Put a source (a PDF, a saved web page, a Word or text file) into a folder `sources`, run \
             `glossator init --entries`, and come back.",
            layout::path_for_people(&root)
        );
    };

    writeln!(out, "A tour of {}", layout::path_for_people(stage.file.path()))?;
    if stage.invented {
        say(
            out,
            "There is no brief with a citation yet, so the tour uses one in memory; nothing is written to disk.",
        )?;
    }
    if !has_sources {
        say(out, "No source text was found, so there are no passages to show or jump to.")?;
    }
    let program = std::env::current_exe().context("cannot find the server program")?;
    let mut show = Show::start(&program, &root, &stage, &snapshot)?;
    show.colour = Colour::Auto.is_on(terminal);
    show.run(out)?;
    show.client.end()?;

    writeln!(out, "\nIn your editor")?;
    for (name, how) in EDITORS {
        writeln!(out, "    {name:<8} {how}")?;
    }
    Ok(Exit::Clean)
}

/// Prints a sentence of the tour.
fn say(out: &mut dyn Write, text: &str) -> std::io::Result<()> {
    for line in layout::wrap(text, columns() - 4) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// The brief used for the tour.
struct Stage {
    file: FileId,
    text: Text,
    /// Whether it exists only in memory.
    invented: bool,
}

impl Stage {
    /// The first brief at or below `path` that cites a known source, else one made up around the first source with a
    /// text, else a brief with any citation.
    fn choose(snapshot: &Snapshot, root: &Path, path: &Path) -> Option<Self> {
        let briefs: Vec<_> =
            snapshot.briefs().into_iter().filter(|(file, _)| file.path().starts_with(path)).collect();
        let known = |brief: &Brief| brief.citations.iter().any(|c| snapshot.corpus.find(&c.key).is_some());
        let readable = snapshot.corpus.sources().iter().find(|source| source.text().is_some());
        // What looks like a citation in a folder of notes may be none, so a source is the better stage.
        let cites = |brief: &Brief| readable.is_none() && !brief.citations.is_empty();
        let chosen = briefs
            .iter()
            .find(|(_, contents)| known(contents.brief()))
            .or_else(|| briefs.iter().find(|(_, contents)| cites(contents.brief())));
        if let Some((file, contents)) = chosen {
            return Some(Self { file: (*file).clone(), text: contents.text().clone(), invented: false });
        }
        let source = readable?;
        let title = layout::plain(source.title().unwrap_or(&source.key));
        let text = format!("# Notes\n\nThis brief cites {title} [@{}, para. 1].\n", source.key);
        let file = FileId::new(root.join("glossator-tour.md"));
        Some(Self { file, text: Text::new(text), invented: true })
    }
}

/// The server with the brief open in it.
struct Show<'a> {
    client: Client,
    encoding: Encoding,
    snapshot: &'a Snapshot,
    stage: &'a Stage,
    brief: Brief,
    version: i32,
    step: u32,
    findings: Option<Vec<Value>>,
    /// A sentence of a source, to quote from.
    sample: Option<Sample>,
    colour: bool,
}

/// A sentence of a source.
struct Sample {
    key: String,
    words: Vec<String>,
}

impl Sample {
    /// The first plain sentence of the source with the key `key`, else of the first that has one.
    fn choose(snapshot: &Snapshot, key: Option<&str>) -> Option<Self> {
        let first = key.and_then(|key| snapshot.corpus.find(key)).map(|id| snapshot.corpus.source(id));
        let all = first.into_iter().chain(snapshot.corpus.sources().iter().map(|source| &**source));
        all.filter_map(Self::of).next()
    }

    /// The first sentence of `source` with a usual number of words and nothing in it that a quotation would have
    /// to change.
    fn of(source: &Source) -> Option<Self> {
        const USUAL: std::ops::RangeInclusive<usize> = 9..=30;
        let text = source.text()?;
        let body = text.passages.iter().filter(|passage| passage.class == Class::Body);
        body.take(PASSAGES).find_map(|passage| {
            let words = text.words(passage);
            let end = words.find(". ").map_or(words.trim_end().len(), |at| at + 1);
            let sentence = words[..end].strip_suffix('.')?;
            let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || ",-'’".contains(c);
            let words: Vec<String> = sentence.split_whitespace().map(str::to_owned).collect();
            let fits = USUAL.contains(&words.len()) && sentence.chars().all(plain);
            fits.then(|| Self { key: source.key.to_string(), words })
        })
    }

    /// The sentence with its longest word, except the first, replaced by one that it lacks.
    fn altered(&self) -> String {
        const OTHERS: [&str; 2] = ["elsewhere", "otherwise"];
        let other = OTHERS.iter().find(|other| !self.words.iter().any(|word| word.contains(**other)));
        let longest = (1..self.words.len()).max_by_key(|at| self.words[*at].chars().count());
        let mut words = self.words.clone();
        if let (Some(at), Some(other)) = (longest, other) {
            let comma = if words[at].ends_with(',') { "," } else { "" };
            words[at] = format!("{other}{comma}");
        }
        words.join(" ")
    }
}

/// How many passages of a source are looked at for a sentence.
const PASSAGES: usize = 200;

impl<'a> Show<'a> {
    fn start(program: &Path, root: &Path, stage: &'a Stage, snapshot: &'a Snapshot) -> anyhow::Result<Self> {
        let mut client = Client::start(program, root)?;
        let uri = uri_of(root);
        let answer = client.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "clientInfo": { "name": "glossator tour", "version": env!("CARGO_PKG_VERSION") },
                "rootUri": uri,
                "workspaceFolders": [{ "uri": uri, "name": "tour" }],
                "capabilities": {
                    "general": { "positionEncodings": ["utf-8", "utf-16"] },
                    "window": { "workDoneProgress": true },
                    "textDocument": {
                        "hover": { "contentFormat": ["markdown"] },
                        "definition": { "linkSupport": true },
                        "completion": { "completionItem": { "documentationFormat": ["markdown"] } },
                        "publishDiagnostics": { "versionSupport": true },
                        "codeAction": {
                            "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } }
                        },
                    },
                },
            }),
        )?;
        let encoding = match answer["capabilities"]["positionEncoding"].as_str() {
            Some("utf-8") => Encoding::Utf8,
            Some("utf-32") => Encoding::Utf32,
            Some(_) | None => Encoding::Utf16,
        };
        client.notify("initialized", json!({}))?;
        client.notify(
            "textDocument/didOpen",
            json!({ "textDocument": {
                "uri": uri_of(stage.file.path()), "languageId": "markdown", "version": 1, "text": stage.text.as_str(),
            } }),
        )?;
        let findings = client.findings(stage.file.path(), 0, LOAD)?;
        let brief = Brief::read(stage.text.clone());
        let mut show = Self {
            client,
            encoding,
            snapshot,
            stage,
            brief,
            version: 1,
            step: 0,
            findings,
            sample: None,
            colour: false,
        };
        let key = show.cited().map(|at| show.brief.citations[at].key.clone());
        show.sample = Sample::choose(snapshot, key.as_deref());
        Ok(show)
    }

    fn run(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.finding_and_fix(out)?;
        self.finished(out)?;
        self.card(out)?;
        self.passage(out)?;
        self.jump(out)?;
        self.completion(out)
    }

    /// The first citation of a known source, else the first citation.
    fn cited(&self) -> Option<usize> {
        let known = |key: &str| self.snapshot.corpus.find(key).is_some();
        let citations = &self.brief.citations;
        citations.iter().position(|citation| known(&citation.key)).or(if citations.is_empty() {
            None
        } else {
            Some(0)
        })
    }

    fn card(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.heading("Point at a citation key: the source's card", out)?;
        match self.cited().map(|at| self.brief.citations[at].span) {
            Some(span) => self.hover(span, out),
            None => Ok(say(out, "This brief cites nothing.")?),
        }
    }

    /// The first locator of a known source, else the first locator.
    fn located(&self) -> Option<Span> {
        let with_locator =
            || self.brief.citations.iter().filter_map(|c| Some((&c.key, c.locator.as_ref()?.span)));
        let known = with_locator().find(|(key, _)| self.snapshot.corpus.find(key).is_some());
        known.or_else(|| with_locator().next()).map(|(_, span)| span)
    }

    fn passage(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.heading("Point at a locator: the passage it names", out)?;
        match self.located() {
            Some(span) => self.hover(span, out),
            None => Ok(say(out, "No citation here has a locator. Write one: [@key, para. 3].")?),
        }
    }

    /// Prints the card at the end of `span`.
    fn hover(&mut self, span: Span, out: &mut dyn Write) -> anyhow::Result<()> {
        self.marked(span, out)?;
        let answer = self.client.request("textDocument/hover", self.at(&self.stage.text, inside(span)))?;
        let contents = &answer["contents"];
        match contents["value"].as_str().or(contents.as_str()) {
            Some(markdown) => write_card(markdown, self.colour, out)?,
            None => say(out, "The server has no card for it.")?,
        }
        Ok(())
    }

    fn jump(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.heading("Go to definition: the place in the source", out)?;
        let quoted = self
            .brief
            .quotations
            .iter()
            .find(|quotation| {
                evidence::check(&self.snapshot.corpus, &self.snapshot.memo, &self.brief, quotation)
                    .place
                    .is_some()
            })
            .and_then(|quotation| quotation.words.first().copied());
        let cited = self.cited().map(|at| self.brief.citations[at].span);
        let Some(span) = quoted.or(self.located()).or(cited) else {
            return Ok(say(out, "This brief cites nothing.")?);
        };
        self.marked(span, out)?;
        let answer =
            self.client.request("textDocument/definition", self.at(&self.stage.text, inside(span)))?;
        let target = if answer.is_array() { &answer[0] } else { &answer };
        let uri = target["targetUri"].as_str().or(target["uri"].as_str());
        let range =
            [&target["targetSelectionRange"], &target["range"]].into_iter().find(|range| range.is_object());
        let (Some(path), Some(range)) = (uri.and_then(path_of), range) else {
            return Ok(say(out, "The server has no definition for it.")?);
        };
        let file = FileId::new(path);
        let Some(text) = self.snapshot.file_text(&file) else {
            return Ok(say(out, &layout::path_for_people(file.path()))?);
        };
        let span = self.span(&text, range);
        writeln!(out, "    -> {}", layout::place(file.path(), &text, span.start))?;
        let (line, underline) = layout::excerpt(&text, span, columns() - 6);
        writeln!(out, "    | {}\n    | {underline}", line.trim_end())?;
        Ok(())
    }

    fn completion(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.heading("Write a sentence and type [@ after it: sources that fit", out)?;
        let typed = self.typed(&format!("{} [@", self.half_sentence()))?;
        let text = Text::new(typed);
        let end = text.as_str().len();
        self.marked_in(&text, Span::new(end - 2, end), out)?;
        let answer = self.client.request("textDocument/completion", self.at(&text, end));
        // Restore the brief before anything can fail.
        self.change(self.stage.text.as_str())?;
        let answer = answer?;
        let items = answer["items"].as_array().or(answer.as_array()).cloned().unwrap_or_default();
        for item in items.iter().take(CANDIDATES) {
            let detail = item["detail"].as_str().or(item["labelDetails"]["description"].as_str());
            write_candidate(item["label"].as_str().unwrap_or_default(), detail.unwrap_or_default(), out)?;
        }
        match items.len() {
            0 => say(out, "The server has no suggestion.")?,
            n if n > CANDIDATES => say(out, &format!("and {} more", n - CANDIDATES))?,
            _ => {}
        }
        Ok(())
    }

    /// The prose before the first bracket that cites a known source, or a sentence of our own.
    fn half_sentence(&self) -> String {
        let at = self.cited().and_then(|at| {
            let group = self.brief.groups.get(self.brief.citations[at].group)?;
            let block = self.brief.markdown.block_at(group.span.start)?;
            (block.span.start < group.span.start).then(|| Span::new(block.span.start, group.span.start))
        });
        let prose = at.map(|span| layout::plain(self.stage.text.slice(span))).unwrap_or_default();
        // Take the last sentence, without leading markup that would start another kind of block.
        let sentence = prose.rsplit(". ").find(|part| part.trim().len() > 20).unwrap_or("It is said that");
        let sentence = sentence.trim().trim_start_matches(['#', '>', '-', '*', '+', ' ']);
        sentence.trim_end_matches(['.', ',', ';']).to_owned()
    }

    fn finding_and_fix(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        let quoted = self.sample.is_some();
        self.heading(
            if quoted { "Change a word of a quotation: a finding" } else { "Make a mistake: a finding" },
            out,
        )?;
        let first = self.findings.as_ref().and_then(|list| list.first()).cloned();
        let slip = self.sample.as_ref().map(|sample| format!("“{}” [@{}].", sample.altered(), sample.key));
        let (text, finding) = match (slip, first) {
            (Some(slip), _) => self.mistake(&slip, "altered-quotation")?,
            (None, Some(finding)) => (self.stage.text.clone(), Some(finding)),
            (None, None) => {
                if self.findings.is_none() {
                    say(out, "The server has not reported on this brief yet.")?;
                }
                say(out, "The brief has none, so the tour types a misspelt key into the buffer:")?;
                self.misspelt()?
            }
        };
        let Some(finding) = finding else {
            say(out, "The server reports nothing.")?;
            self.heading("Fix it", out)?;
            return Ok(say(out, "Nothing to fix.")?);
        };
        let span = text.span_of(self.span(text.file(), &finding["range"]));
        self.marked_in(&text, span, out)?;
        let code = finding["code"].as_str().unwrap_or("finding");
        say(out, &format!("[{code}] {}", finding["message"].as_str().unwrap_or_default()))?;

        self.heading("Fix it", out)?;
        let answer = self.client.request(
            "textDocument/codeAction",
            json!({
                "textDocument": { "uri": uri_of(self.stage.file.path()) },
                "range": finding["range"],
                "context": { "diagnostics": [finding], "only": ["quickfix"] },
            }),
        )?;
        let Some(action) = answer.as_array().and_then(|actions| actions.first()) else {
            return Ok(say(out, "The server has no fix for this one.")?);
        };
        say(out, action["title"].as_str().unwrap_or_default())?;
        self.fixed(&text, action, out)
    }

    /// Prints the first line that the fix changes, after the change.
    fn fixed(&self, text: &Text, action: &Value, out: &mut dyn Write) -> anyhow::Result<()> {
        let Some(edit) = first_edit(&action["edit"]) else { return Ok(()) };
        let span = text.span_of(self.span(text.file(), &edit["range"]));
        let new = edit["newText"].as_str().unwrap_or_default();
        let whole = text.as_str();
        let after = Text::new(format!("{}{new}{}", &whole[..span.start], &whole[span.end..]));
        self.marked_in(&after, Span::new(span.start, span.start + new.len()), out)
    }

    /// Types a sentence with a misspelt key, and returns the text with the resulting finding.
    fn misspelt(&mut self) -> anyhow::Result<(Text, Option<Value>)> {
        let key = self.cited().map_or_else(|| "source".to_owned(), |at| self.brief.citations[at].key.clone());
        let known = |key: &str| self.snapshot.corpus.find(key).is_some();
        let wrong = ["x", "xy", "xyz"].map(|end| format!("{key}{end}")).into_iter().find(|key| !known(key));
        let wrong = wrong.unwrap_or_else(|| "no-such-key".into());
        self.mistake(&format!("A sentence with a slip [@{wrong}]."), "unknown-citation")
    }

    /// Types `paragraph`, and returns the text with the resulting finding of the kind `code`.
    fn mistake(&mut self, paragraph: &str, code: &str) -> anyhow::Result<(Text, Option<Value>)> {
        let file = self.stage.file.path();
        let before = self.client.published_count(file);
        let text = Text::new(self.typed(paragraph)?);
        // Findings for the previous edit may still be on their way.
        let mut seen = before;
        let mut finding = None;
        while let Some(list) = self.client.findings(file, seen, TYPED)? {
            let typed = |one: &&Value| {
                one["code"] == code && self.line_of(one) >= self.stage.text.file().lines().line_count()
            };
            if let Some(found) = list.iter().find(typed) {
                finding = Some(found.clone());
                break;
            }
            seen = self.client.published_count(file);
        }
        Ok((text, finding))
    }

    /// The line on which `finding` begins, from 0.
    fn line_of(&self, finding: &Value) -> usize {
        finding["range"]["start"]["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or(0)
    }

    /// Begins a quotation and shows its rest.
    fn finished(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        const TYPED_WORDS: usize = 4;
        let Some(sample) = &self.sample else { return Ok(()) };
        let begun = format!("“{}", sample.words[..TYPED_WORDS].join(" "));
        self.heading("Begin a quotation: its rest, with the citation", out)?;
        let text = Text::new(self.typed(&begun)?);
        let end = text.as_str().len();
        self.marked_in(&text, Span::new(end - begun.len(), end), out)?;
        let answer = self.client.request("textDocument/completion", self.at(&text, end));
        // Restore the brief before anything can fail.
        self.change(self.stage.text.as_str())?;
        let answer = answer?;
        let items = answer["items"].as_array().or(answer.as_array()).cloned().unwrap_or_default();
        match items.first().and_then(|item| item["textEdit"]["newText"].as_str()) {
            Some(rest) => say(out, &format!("Tab: …{rest}"))?,
            None => say(out, "The server has no suggestion.")?,
        }
        Ok(())
    }

    /// Types `paragraph` at the end of the brief and returns the text of the buffer.
    fn typed(&mut self, paragraph: &str) -> anyhow::Result<String> {
        let text = format!("{}\n\n{paragraph}", self.stage.text.as_str().trim_end());
        self.change(&text)?;
        Ok(text)
    }

    fn change(&mut self, text: &str) -> anyhow::Result<()> {
        self.version += 1;
        self.client.notify(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri_of(self.stage.file.path()), "version": self.version },
                "contentChanges": [{ "text": text }],
            }),
        )
    }

    fn heading(&mut self, title: &str, out: &mut dyn Write) -> std::io::Result<()> {
        self.step += 1;
        writeln!(out, "\n{}. {title}", self.step)
    }

    /// Prints the line of the brief with `span` underlined.
    fn marked(&self, span: Span, out: &mut dyn Write) -> anyhow::Result<()> {
        self.marked_in(&self.stage.text, span, out)
    }

    fn marked_in(&self, text: &Text, span: Span, out: &mut dyn Write) -> anyhow::Result<()> {
        writeln!(
            out,
            "    {}",
            layout::place(self.stage.file.path(), text.file(), text.offset_in_file(span.start))
        )?;
        let (line, underline) = layout::excerpt(text.file(), text.in_file(span), columns() - 6);
        writeln!(out, "    | {}\n    | {underline}", line.trim_end())?;
        Ok(())
    }

    /// The parameters for a request at byte `offset` of `text`, the text of the brief.
    fn at(&self, text: &Text, offset: usize) -> Value {
        let position = text.position(offset, self.encoding);
        json!({
            "textDocument": { "uri": uri_of(self.stage.file.path()) },
            "position": { "line": position.line, "character": position.character },
        })
    }

    /// The byte span of a range sent by the server.
    fn span(&self, text: &FileText, range: &Value) -> FileSpan {
        let offset = |position: &Value| {
            let number =
                |name: &str| position[name].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
            text.offset(Position { line: number("line"), character: number("character") }, self.encoding)
        };
        FileSpan::new(offset(&range["start"]), offset(&range["end"]))
    }
}

/// An offset well inside `span`, where nothing else can be meant.
fn inside(span: Span) -> usize {
    (span.start + 1).min(span.end)
}

/// The first text edit of a workspace edit, in either of its two shapes.
fn first_edit(edit: &Value) -> Option<&Value> {
    let by_file = edit["changes"].as_object().and_then(|changes| changes.values().next());
    let edits = by_file.or_else(|| edit["documentChanges"].as_array()?.first()?.get("edits"))?;
    edits.as_array()?.first()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_edit_in_both_shapes() {
        let one = json!({ "changes": { "file:///a.md": [{ "newText": "rail2021" }] } });
        let other = json!({ "documentChanges": [{ "edits": [{ "newText": "rail2021" }] }] });
        for edit in [one, other] {
            assert_eq!(first_edit(&edit).map(|edit| &edit["newText"]), Some(&json!("rail2021")));
        }
        assert_eq!(first_edit(&json!(null)), None);
    }
}

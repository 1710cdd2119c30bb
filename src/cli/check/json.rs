//! The results of a check as one JSON object, for programs; `tests/data/check.schema.json` is the contract.
//! Lines and characters count from 0, characters are Unicode code points, and bytes are offsets into the
//! file's text.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::checked::Checked;
use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::brief::quotation::Quotation;
use crate::cli::layout;
use crate::corpus::Corpus;
use crate::evidence;
use crate::evidence::verdict::Verdict;
use crate::features::diagnostics::Finding;
use crate::text::visible::in_json;
use crate::text::{Encoding, Position, Span, Text};
use crate::workspace::Snapshot;

/// Incremented whenever something that programs may rely on is removed or changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report {
    version: u32,
    files: Vec<FileJson>,
}

#[derive(Serialize)]
struct FileJson {
    path: String,
    findings: Vec<FindingJson>,
    citations: Vec<CitationJson>,
    quotations: Vec<QuotationJson>,
}

#[derive(Serialize)]
struct PositionJson {
    line: u32,
    character: u32,
}

#[derive(Serialize)]
struct RangeJson {
    start: PositionJson,
    end: PositionJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct FindingJson {
    code: &'static str,
    severity: &'static str,
    message: String,
    range: RangeJson,
    fixes: Vec<FixJson>,
}

#[derive(Serialize)]
struct FixJson {
    title: String,
    edits: Vec<EditJson>,
}

#[derive(Serialize)]
struct EditJson {
    range: RangeJson,
    new_text: String,
}

#[derive(Serialize)]
struct CitationJson {
    key: String,
    range: RangeJson,
    group: usize,
    author_in_text: bool,
    suppress_author: bool,
    prefix: String,
    suffix: String,
    locator: Option<LocatorJson>,
    resolved: bool,
}

#[derive(Serialize)]
struct LocatorJson {
    label: &'static str,
    value: String,
}

#[derive(Serialize)]
struct QuotationJson {
    range: RangeJson,
    bytes: [usize; 2],
    text: String,
    verdict: &'static str,
    /// Why the quotation was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    key: Option<String>,
    source: Option<SourceJson>,
    edits: Vec<&'static str>,
    differences: Vec<DifferenceJson>,
}

#[derive(Serialize)]
struct DifferenceJson {
    brief: String,
    source: String,
}

#[derive(Serialize)]
struct SourceJson {
    key: String,
    path: String,
    range: RangeJson,
    bytes: [usize; 2],
    locator: Option<String>,
    passage_class: &'static str,
    speaker: Option<String>,
}

pub(super) fn write(checked: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let report = Report { version: VERSION, files: checked.iter().map(file_json).collect() };
    write!(out, "{}", in_json(&serde_json::to_string_pretty(&report)?))?;
    writeln!(out)
}

fn file_json(file: &Checked) -> FileJson {
    let corpus = &file.snapshot.corpus;
    let brief = file.snapshot.brief(&file.file).map(|contents| contents.brief());
    let citations = brief.map(|brief| brief.citations.as_slice()).unwrap_or_default();
    let quotations = brief.map(|brief| brief.quotations.as_slice()).unwrap_or_default();
    FileJson {
        path: layout::relative(file.file.path(), &file.root),
        findings: file.findings.iter().map(|finding| finding_json(&file.text, finding)).collect(),
        citations: citations.iter().map(|citation| citation_json(&file.text, corpus, citation)).collect(),
        quotations: brief.map_or_else(Vec::new, |brief| {
            quotations
                .iter()
                .map(|quotation| quotation_json(&file.root, &file.snapshot, brief, quotation))
                .collect()
        }),
    }
}

fn range(text: &Text, span: Span) -> RangeJson {
    RangeJson { bytes: Some([span.start, span.end]), ..range_alone(text, span) }
}

/// A range without its bytes, which are given alongside it.
fn range_alone(text: &Text, span: Span) -> RangeJson {
    let (start, end) = text.range(span, Encoding::Utf32);
    let position = |place: Position| PositionJson { line: place.line, character: place.character };
    RangeJson { start: position(start), end: position(end), bytes: None }
}

fn finding_json(text: &Text, finding: &Finding) -> FindingJson {
    let edit = |(span, new_text): &(Span, String)| EditJson {
        range: range(text, *span),
        new_text: new_text.clone(),
    };
    FindingJson {
        code: finding.code.name(),
        severity: finding.level.name(),
        message: finding.message.clone(),
        range: range(text, finding.span),
        fixes: finding
            .fixes
            .iter()
            .map(|fix| FixJson { title: fix.title.clone(), edits: fix.edits.iter().map(edit).collect() })
            .collect(),
    }
}

fn citation_json(text: &Text, corpus: &Corpus, citation: &Citation) -> CitationJson {
    CitationJson {
        key: citation.key.clone(),
        range: range(text, citation.span),
        group: citation.group,
        author_in_text: citation.author_in_text,
        suppress_author: citation.suppress_author,
        prefix: citation.prefix.clone(),
        suffix: citation.suffix.clone(),
        locator: citation
            .locator
            .as_ref()
            .map(|locator| LocatorJson { label: locator.label, value: locator.value.clone() }),
        resolved: corpus.find(&citation.key).is_some(),
    }
}

fn quotation_json(root: &Path, snapshot: &Snapshot, brief: &Brief, quotation: &Quotation) -> QuotationJson {
    let corpus = &snapshot.corpus;
    let evidence = evidence::check(corpus, &snapshot.memo, brief, quotation);
    let source = evidence.place.and_then(|place| {
        let source = corpus.source(place.source);
        let text = source.text()?;
        let passage = text.passages.get(place.passage)?;
        Some(SourceJson {
            key: source.key.to_string(),
            path: layout::relative(text.file.path(), root),
            range: range_alone(&text.text, place.span),
            bytes: text.text.in_file(place.span).into(),
            locator: text.locus(passage).map(|locus| locus.to_string()),
            passage_class: passage.class.name(),
            speaker: evidence.speaker.clone(),
        })
    });
    let owner = quotation.citations.get(evidence.owner.unwrap_or(0)).and_then(|&at| brief.citations.get(at));
    let differences = evidence.differences.iter();
    QuotationJson {
        range: range_alone(&brief.text, quotation.span),
        bytes: [quotation.span.start, quotation.span.end],
        text: quotation.text(brief.text.as_str()),
        verdict: evidence.verdict.name(),
        why: (evidence.verdict == Verdict::Unchecked).then(|| evidence.why.clone()),
        key: owner.map(|citation| citation.key.clone()),
        source,
        edits: evidence.edits.iter().map(|edit| edit.name()).collect(),
        differences: differences
            .map(|d| DifferenceJson { brief: d.brief.clone(), source: d.source.clone() })
            .collect(),
    }
}

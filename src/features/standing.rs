//! The status of a quotation at a glance, for marks and colours in an editor. Never shows more than the
//! findings: what the settings or a comment suppress is not marked either.

use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::config::{Code, Level};
use crate::evidence;
use crate::evidence::verdict::Verdict;
use crate::features::diagnostics::{self, Finding};
use crate::text::FileId;
use crate::workspace::Snapshot;

/// The status of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The cited source contains it, verbatim or with permitted edits.
    Verified,
    /// It needs a look, for instance because a limiting word was cut off.
    Doubtful,
    /// The cited source does not say this.
    Wrong,
}

/// The findings in a brief that its quotations are judged by.
#[derive(Debug)]
pub struct Standings {
    findings: Vec<Finding>,
}

impl Standings {
    /// For the brief `file`.
    #[must_use]
    pub fn of(snap: &Snapshot, file: &FileId) -> Self {
        let mut findings = diagnostics::of_file(snap, file);
        findings.retain(|finding| is_of_quotation(finding.code));
        Self { findings }
    }

    /// The status of `quotation`; `None` if it was not checked, is uncited, or has nothing to report.
    #[must_use]
    pub fn of_quotation(&self, snap: &Snapshot, brief: &Brief, quotation: &Quotation) -> Option<Standing> {
        if quotation.citations.is_empty() {
            return None;
        }
        match evidence::check(&snap.corpus, &snap.memo, brief, quotation).verdict {
            Verdict::Verbatim | Verdict::Edited => return Some(Standing::Verified),
            Verdict::Unchecked => return None,
            Verdict::Altered
            | Verdict::Spliced
            | Verdict::Truncated
            | Verdict::HiddenLimiter
            | Verdict::Furniture
            | Verdict::OtherSource
            | Verdict::WrongSpeaker
            | Verdict::NotFound => {}
        }
        let from = self.findings.partition_point(|finding| finding.span.start < quotation.span.start);
        let inside = self.findings[from..].iter().take_while(|f| quotation.span.covers(f.span));
        match inside.map(|finding| finding.level).max()? {
            Level::Warning | Level::Error => Some(Standing::Wrong),
            Level::Off | Level::Hint | Level::Information => Some(Standing::Doubtful),
        }
    }
}

/// Whether findings with this `code` are about quoted words.
pub(in crate::features) fn is_of_quotation(code: Code) -> bool {
    match code {
        Code::QuotationNotFound
        | Code::OrphanedNote
        | Code::SourceChanged
        | Code::AlteredQuotation
        | Code::SplicedQuotation
        | Code::QuotationFromOtherSource
        | Code::QuotationFromFurniture
        | Code::QuotationTruncated
        | Code::QuotationHidesLimiter
        | Code::QuotationWrongSpeaker => true,
        Code::UnknownCitation
        | Code::LocatorOutOfRange
        | Code::CitationPartWithoutKey
        | Code::DuplicateEntry
        | Code::BrokenEntry
        | Code::MissingSourceFile
        | Code::SourceMissing
        | Code::QuotationUncited
        | Code::LocatorMismatch
        | Code::UnusedIgnore
        | Code::FigureMismatch
        | Code::LikelihoodWithConfidence
        | Code::MixedLikelihoodTerms
        | Code::EntitySpelling => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: Option<Standing>) {
        let at = harbours(brief);
        let brief = at.snap.brief(&at.file).expect("the brief").brief();
        let standings = Standings::of(&at.snap, &at.file);
        assert_eq!(standings.of_quotation(&at.snap, brief, &brief.quotations[0]), expected);
    }

    #[test]
    fn a_quotation_stands_as_loudly_as_its_findings() {
        check("It would “begin work before the winter” [@moss2020].\n", Some(Standing::Verified));
        check(
            "Tides: “wind explains most of what the coloured tables show” [@reed2021].\n",
            Some(Standing::Wrong),
        );
        // Five words are too few for a firm verdict.
        check("It would “begin work before the summer” [@moss2020].\n", Some(Standing::Doubtful));
        check("“The moon explains most of what the tables show” [@reed2021].\n", Some(Standing::Doubtful));
    }

    #[test]
    fn nothing_is_said_of_what_is_unchecked_uncited_or_ignored() {
        check("The “great silting” goes on [@moss2020].\n", None);
        check("It would “begin work before the winter”.\n", None);
        check("The tide “was sold by captains to the pilots of the sea” [@fenn2022].\n", None);
        check(
            "<!-- glossator: ignore altered-quotation -->\n\nIt would “begin work before the summer” [@moss2020].\n",
            None,
        );
    }
}

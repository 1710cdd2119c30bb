//! What stands in quotation marks and is no quotation: terms, titles, translations. Asked last, of words that
//! no source has.

use super::asked::Asked;
use super::check::Check;

/// At most one in so many words of a quotation in another language stands in the source, as names do and
/// words that are spelled alike. Of six translations of 10 to 13 words a seed of 11 passages had 0, 0, 1, 1,
/// 2 and 3, of six invented sentences in its own language 3 to 10.
const MOST_FOREIGN_KNOWN: usize = 5;

impl Check<'_> {
    /// Why words that are nowhere to be found may be no quotation from the source at all.
    pub(super) fn no_quotation(&self, owners: &[Asked]) -> Option<&'static str> {
        const CUES: [&str; 23] = [
            "so-called",
            "the term",
            "the terms",
            "the word",
            "the words",
            "the phrase",
            "called",
            "we call",
            "i call",
            "could call",
            "might call",
            "may call",
            "known as",
            "dubbed",
            "termed",
            "labelled",
            "labeled",
            "titled",
            "entitled",
            "headlined",
            "the article",
            "the essay",
            "the slogan",
        ];
        let before = self.before.trim_end().to_lowercase();
        if CUES.iter().any(|cue| before.ends_with(cue)) {
            return Some("a term or a title");
        }
        let after = self.after.trim_start_matches([',', ' ']).to_lowercase();
        const EXPLAINED: [&str; 8] = [
            "means ",
            "refers to ",
            "is defined ",
            "we mean ",
            "i mean ",
            "is meant ",
            "denotes ",
            "stands for ",
        ];
        if EXPLAINED.iter().any(|cue| after.starts_with(cue)) {
            return Some("a term that is explained");
        }
        let words: Vec<&str> = (0..self.quoted.words.len()).map(|at| self.quoted.words.lower(at)).collect();
        let spelled = words.join(" ");
        if self.memo.is_title(self.corpus, &spelled) {
            return Some("the title of a source");
        }
        // The title of a book that is not in the corpus: all its longer words are capitalised.
        let longer = || (1..self.quoted.words.len()).filter(|&at| self.quoted.words.lower(at).len() > 3);
        let capital = |&at: &usize| self.quoted.words.written(at).starts_with(char::is_uppercase);
        let enough = if words.len() > 5 { 3 } else { 2 };
        if longer().count() >= enough && longer().all(|at| capital(&at)) {
            return Some("spelled like a title");
        }
        /// The detector is sure long before.
        const LETTERS: usize = 1_000;
        // Words of another language than the source's are a translation.
        let theirs = owners.iter().find_map(|asked| asked.text.language);
        let mine: String = self.quotation.text(self.brief.text.as_str()).chars().take(LETTERS).collect();
        let mine = whatlang::detect(&mine);
        // Of a sentence the detector is not sure; but words of its own language the source would have.
        let known = |word: &&&str| owners.iter().any(|asked| !asked.words.words.places(word).is_empty());
        let foreign = || MOST_FOREIGN_KNOWN * words.iter().filter(known).count() <= words.len();
        match (theirs, mine) {
            (Some(theirs), Some(mine))
                if mine.lang().code() != theirs && (mine.is_reliable() || foreign()) =>
            {
                Some("in another language than the source")
            }
            _ => None,
        }
    }
}

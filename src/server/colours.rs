//! Remembers the semantic tokens last sent for each open file, so that the client need only be sent what
//! changed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use tower_lsp::lsp_types::*;

use crate::text::FileId;

/// How many numbers of the protocol's list one token takes.
const NUMBERS: usize = 5;

/// The last answer for a file, and its id.
#[derive(Debug)]
struct Answer {
    id: String,
    tokens: Vec<SemanticToken>,
}

/// The last answer for each open file.
#[derive(Debug, Default)]
pub(super) struct Colours {
    answers: BTreeMap<FileId, Answer>,
}

impl Colours {
    /// Stores `tokens` as the last answer for `file`, which must be open, and returns its id.
    pub(super) fn keep(&mut self, file: &FileId, tokens: &[SemanticToken]) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        self.answers.insert(file.clone(), Answer { id: id.clone(), tokens: tokens.to_vec() });
        id
    }

    /// The edits that turn the answer `previous` into `tokens`; `None` if that answer is no longer stored.
    pub(super) fn since(
        &self,
        file: &FileId,
        previous: &str,
        tokens: &[SemanticToken],
    ) -> Option<Vec<SemanticTokensEdit>> {
        let known = self.answers.get(file).filter(|known| known.id == previous)?;
        Some(changed(&known.tokens, tokens))
    }

    /// Forgets the answer for `file`. Called once the file is closed.
    pub(super) fn forget(&mut self, file: &FileId) {
        self.answers.remove(file);
    }
}

/// The single range in which `new` differs from `old`; empty if they are equal.
fn changed(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let same = |(a, b): &(&SemanticToken, &SemanticToken)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let (gone, put) = (old.len() - head - tail, &new[head..new.len() - tail]);
    if gone == 0 && put.is_empty() {
        return Vec::new();
    }
    let numbers = |tokens: usize| u32::try_from(tokens * NUMBERS).unwrap_or(u32::MAX);
    let data = (!put.is_empty()).then(|| put.to_vec());
    vec![SemanticTokensEdit { start: numbers(head), delete_count: numbers(gone), data }]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(length: u32) -> SemanticToken {
        SemanticToken { delta_line: 0, delta_start: 9, length, token_type: 0, token_modifiers_bitset: 0 }
    }

    proptest! {
        #[test]
        fn the_edits_make_the_new_of_the_old(
            old in proptest::collection::vec(0_u32..3, 0..8),
            new in proptest::collection::vec(0_u32..3, 0..8),
        ) {
            let (old, new): (Vec<_>, Vec<_>) =
                (old.into_iter().map(token).collect(), new.into_iter().map(token).collect());
            let edits = changed(&old, &new);
            prop_assert_eq!(edits.is_empty(), old == new);
            let mut made = old;
            for edit in edits {
                let (start, count) = (edit.start as usize / 5, edit.delete_count as usize / 5);
                made.splice(start..start + count, edit.data.unwrap_or_default());
            }
            prop_assert_eq!(made, new);
        }
    }
}

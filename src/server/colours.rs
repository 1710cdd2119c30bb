//! What a client was told of the colours of a file, so that it need be told only what changed. Kept
//! for open files, the last answer of each.

use std::sync::atomic::{AtomicU64, Ordering};

use tower_lsp::lsp_types::*;

use super::state::{State, lock};
use crate::text::FileId;

/// How many numbers of the protocol's list one token takes.
const NUMBERS: usize = 5;

/// The last answer, by its name.
#[derive(Debug)]
pub(super) struct Colours {
    id: String,
    tokens: Vec<SemanticToken>,
}

impl State {
    /// `tokens` of the file at `uri` with a name by which the client may ask for the changes since.
    pub(super) fn colours(&self, uri: &Url, tokens: SemanticTokens) -> SemanticTokens {
        let id = self.keep(&self.file(uri), &tokens.data);
        SemanticTokens { result_id: id, ..tokens }
    }

    /// What changed since the answer `previous`; all of `tokens` when that one is not known any more.
    pub(super) fn colours_since(
        &self,
        uri: &Url,
        previous: &str,
        tokens: SemanticTokens,
    ) -> SemanticTokensFullDeltaResult {
        let file = self.file(uri);
        let edits = lock(&self.colours)
            .get(&file)
            .filter(|known| known.id == previous)
            .map(|known| changed(&known.tokens, &tokens.data));
        let id = self.keep(&file, &tokens.data);
        match edits {
            Some(edits) => SemanticTokensDelta { result_id: id, edits }.into(),
            None => SemanticTokens { result_id: id, ..tokens }.into(),
        }
    }

    /// Called once the file is no longer open.
    pub(super) fn forget_colours(&self, file: &FileId) {
        lock(&self.colours).remove(file);
    }

    /// The name of the answer; `None` for a file that is not open, of which nothing is kept.
    fn keep(&self, file: &FileId, tokens: &[SemanticToken]) -> Option<String> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut kept = lock(&self.colours);
        // Under the lock: a file that is closed meanwhile is forgotten behind this.
        self.of(file).snapshot().version(file)?;
        let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        kept.insert(file.clone(), Colours { id: id.clone(), tokens: tokens.to_vec() });
        Some(id)
    }
}

/// The one stretch in which `new` differs from `old`; nothing when it does not.
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

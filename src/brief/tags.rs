//! Tags and ids in a note: `#dredging`, `^quay-1`.

/// The name after `sign` in `word`: letters, digits, `-`, `_` and `/`, with at least one letter.
pub(super) fn mark(word: &str, sign: char) -> Option<&str> {
    let name = word.strip_prefix(sign)?;
    let fits = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    (fits && name.contains(char::is_alphabetic)).then_some(name)
}

/// Whether `words`, which follow the last citation of a block quotation, are only punctuation, tags and an
/// id.
pub(super) fn only_marks(words: &str) -> bool {
    words.split_whitespace().all(|word| {
        word.chars().all(|c| matches!(c, '.' | ')' | ','))
            || mark(word, '#').is_some()
            || mark(word, '^').is_some()
    })
}

/// The offset of the id that ends `words`.
pub(super) fn trailing_id(words: &str) -> Option<usize> {
    let words = words.trim_end();
    let last = words.rsplit(char::is_whitespace).next().filter(|last| last.len() < words.len())?;
    mark(last, '^').map(|_| words.len() - last.len())
}

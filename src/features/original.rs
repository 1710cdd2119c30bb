//! The original of a document whose text is shown in a view: a link that opens it at the right page.

use std::path::{Component, Path};

use crate::corpus::source::SourceText;

/// A link to an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// A `file:` or `zotero:` URL.
    pub url: String,
    /// What opens: `report.pdf at page 3`. Not every viewer turns to the page.
    pub what: String,
}

/// The original of `text`, at the page with byte `offset` of the text. `None` if `text` is the file itself.
#[must_use]
pub fn at(text: &SourceText, offset: usize) -> Option<Original> {
    text.view.as_ref()?;
    let path = text.file.path();
    let is_pdf = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
    let page = text.page_index(offset).map(|index| index + 1).filter(|_| is_pdf);
    let name = path.file_name()?.to_string_lossy();
    let what = match page {
        Some(page) => match text.pages[page - 1].label.as_deref() {
            Some(label) if label != page.to_string() => {
                format!("{name} at page {label} ({page} of the file)")
            }
            _ => format!("{name} at page {page}"),
        },
        None => name.into_owned(),
    };
    let page = |sign: &str| page.map(|page| format!("{sign}page={page}")).unwrap_or_default();
    let url = match zotero_item(path) {
        Some(item) if is_pdf => format!("zotero://open-pdf/library/items/{item}{}", page("?")),
        _ => format!("{}{}", file_url(path)?, page("#")),
    };
    Some(Original { url, what })
}

/// The key of the item that Zotero keeps in the folder of `path`: `…/storage/ABCD2345/report.pdf`.
fn zotero_item(path: &Path) -> Option<&str> {
    /// Zotero's alphabet for keys, which leaves out what looks alike.
    const KEY: &str = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ";
    let folder = path.parent()?;
    let key = folder.file_name()?.to_str()?;
    let in_storage = folder.parent()?.file_name()? == "storage";
    (in_storage && key.len() == 8 && key.chars().all(|c| KEY.contains(c))).then_some(key)
}

/// The `file:` URL (RFC 8089) of the absolute `path`.
fn file_url(path: &Path) -> Option<String> {
    let mut url = String::from("file://");
    for component in path.components() {
        match component {
            Component::Prefix(drive) => {
                url.push('/');
                url.push_str(drive.as_os_str().to_str().filter(|drive| drive.len() == 2)?);
            }
            Component::RootDir => {}
            Component::Normal(name) => {
                url.push('/');
                for byte in name.to_str()?.bytes() {
                    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                        url.push(char::from(byte));
                    } else {
                        url.push_str(&format!("%{byte:02X}"));
                    }
                }
            }
            Component::CurDir | Component::ParentDir => return None,
        }
    }
    path.is_absolute().then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::ingest::extract::{Extract, Part, Role};
    use crate::corpus::source::TextId;
    use crate::text::FileId;

    fn link(path: &str, word: &str) -> (String, String) {
        let words = "The miller paid until the gate was lost, and then he left.";
        let part = Part { breaks: vec![(0, 1), (40, 2)], ..Part::new(Role::Paragraph, words) };
        let pages = vec![None, Some("1".into()), Some("3".into())];
        let text = Extract { parts: vec![part], pages, ..Extract::default() };
        let text = text.source(TextId(1), FileId::new(path));
        let at = at(&text, text.text.as_str().find(word).expect("the word")).expect("an original");
        (at.url, at.what)
    }

    #[test]
    fn a_page_of_a_pdf_opens_in_the_file_or_in_zotero() {
        let expected = |url: &str, what: &str| (url.to_owned(), what.to_owned());
        assert_eq!(
            link("/s/a & b.pdf", "miller"),
            expected("file:///s/a%20%26%20b.pdf#page=2", "a & b.pdf at page 1 (2 of the file)")
        );
        assert_eq!(link("/s/é.pdf", "then"), expected("file:///s/%C3%A9.pdf#page=3", "é.pdf at page 3"));
        assert_eq!(
            link("/home/ada/Zotero/storage/AB2D3F4H/weir.pdf", "then"),
            expected("zotero://open-pdf/library/items/AB2D3F4H?page=3", "weir.pdf at page 3")
        );
        // No key of Zotero's, and no format that it opens at a page.
        assert!(link("/s/storage/ab2d3f4h/weir.pdf", "then").0.starts_with("file://"));
        assert_eq!(link("/s/weir.docx", "then"), expected("file:///s/weir.docx", "weir.docx"));
    }

    #[test]
    fn a_text_file_is_its_own_original() {
        let text = crate::corpus::ingest::read(FileId::new("/s/a.txt"), b"The weir.\n").expect("text");
        assert_eq!(at(&text, 0), None);
    }
}

//! Reads web pages saved as archives: Safari's property list (`.webarchive`) and Firefox's ZIP file with an RDF index
//! (MAFF). Pictures, styles and the pages in frames are ignored.

use std::io::Cursor;

use encoding_rs::Encoding;
use plist::{Dictionary, Value};

use super::extract::Extract;
use super::xml::{Step, Xml};
use super::zipped::Package;
use super::{decode, html};

/// How far into a property list the name of its page may be.
const WITHIN: usize = 4096;
/// The member of a property list that is the page.
const MAIN: &str = "WebMainResource";

/// Returns true if a file with first bytes `head` is a saved page of Safari.
pub(super) fn begins(head: &[u8]) -> bool {
    let head = &head[..head.len().min(WITHIN)];
    let has = |words: &str| memchr::memmem::find(head, words.as_bytes()).is_some();
    (head.starts_with(b"bplist") || head.starts_with(b"<?xml") && has("<plist")) && has(MAIN)
}

/// Takes apart the property list in `bytes`.
///
/// # Errors
/// If there is no page in it. The message is for the user.
pub(super) fn webarchive(bytes: &[u8]) -> Result<Extract, String> {
    let damaged = |_| "it is damaged: its property list cannot be read".to_owned();
    let list = Value::from_reader(Cursor::new(bytes)).map_err(damaged)?;
    let main = list.as_dictionary().and_then(|list| list.get(MAIN)).and_then(Value::as_dictionary);
    let main = main.ok_or("it has no page")?;
    let string = |key: &str| main.get(key).and_then(Value::as_string);
    if string("WebResourceMIMEType").is_some_and(|kind| !kind.contains("html")) {
        return Err("it has no page in HTML".into());
    }
    let text = words(main)?;
    Ok(page(&text, string("WebResourceURL")))
}

/// The page in `main`, decoded.
fn words(main: &Dictionary) -> Result<String, String> {
    let data = main.get("WebResourceData");
    let data = data.and_then(Value::as_data).ok_or("it has no page")?;
    let label = main.get("WebResourceTextEncodingName").and_then(Value::as_string);
    match label.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) if std::str::from_utf8(data).is_err() => Ok(encoding.decode(data).0.into_owned()),
        _ => decode(data).map(std::borrow::Cow::into_owned),
    }
}

/// Returns true if a ZIP file has the member `name` only as a MAFF has: the index of one of its pages.
pub(super) fn is_index(name: &str) -> bool {
    name.split_once('/').is_some_and(|(_, rest)| rest == "index.rdf")
}

/// Takes apart the first page of the MAFF in `bytes`.
///
/// # Errors
/// If there is none. The message is for the user.
pub(super) fn maff(bytes: &[u8]) -> Result<Extract, String> {
    let mut package = Package::open(bytes)?;
    let mut indexes: Vec<String> =
        package.names().filter(|name| is_index(name)).map(std::borrow::Cow::into_owned).collect();
    indexes.sort();
    let index = indexes.first().ok_or("it has no page")?;
    let rdf = package.text(index)?.unwrap_or_default();
    let (mut address, mut file) = (None, None);
    let mut xml = Xml::lenient(&rdf);
    while let Some(step) = xml.step() {
        let Step::Open(tag) = step else { continue };
        let stated = tag.get("resource").map(std::borrow::Cow::into_owned);
        match tag.name() {
            "originalurl" => address = stated,
            "indexfilename" => file = stated,
            _ => {}
        }
    }
    let folder = index.trim_end_matches("index.rdf");
    let file = file.as_deref().unwrap_or("index.html");
    let text = package.text(&format!("{folder}{file}"))?.ok_or("it has no page in HTML")?;
    let mut extract = page(&text, address.as_deref());
    if indexes.len() > 1 {
        extract.remarks.push(format!("It has {} pages; only the first is read.", indexes.len()));
    }
    Ok(extract)
}

fn page(html: &str, address: Option<&str>) -> Extract {
    let (parts, mut metadata) = html::document(html);
    let is_public = |url: &&str| url.starts_with("http://") || url.starts_with("https://");
    metadata.url = address.filter(is_public).map(Into::into).or(metadata.url);
    Extract { parts, metadata, ..Extract::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::ingest::extract::Role;
    use crate::corpus::ingest::zipped::pack;

    const PAGE: &str = "<html><head><title>The weir</title></head><body><nav><a href=/>Home</a></nav><article>\
        <h1>The weir</h1><p>The weir was lost in the night, and with it went the gate that the miller had mended \
        only a year before.</p></article></body></html>";

    fn paragraphs(extract: &Extract) -> Vec<&str> {
        let of = extract.parts.iter().filter(|part| part.role == Role::Paragraph);
        of.map(|part| &*part.words).collect()
    }

    fn archive(page: &[u8], encoding: &str, kind: &str) -> Value {
        let mut main = Dictionary::new();
        main.insert("WebResourceData".into(), Value::Data(page.to_vec()));
        main.insert("WebResourceMIMEType".into(), Value::String(kind.into()));
        main.insert("WebResourceTextEncodingName".into(), Value::String(encoding.into()));
        main.insert("WebResourceURL".into(), Value::String("https://example.org/weir".into()));
        let mut list = Dictionary::new();
        list.insert(MAIN.into(), Value::Dictionary(main));
        Value::Dictionary(list)
    }

    #[test]
    fn the_page_of_a_property_list_is_read_whichever_way_it_is_written() {
        let latin = PAGE.replace("miller", "m\u{e9}tayer");
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&latin);
        for (page, encoding, word) in
            [(PAGE.as_bytes(), "UTF-8", "miller"), (&bytes, "windows-1252", "métayer")]
        {
            let list = archive(page, encoding, "text/html");
            let (mut binary, mut xml) = (Vec::new(), Vec::new());
            list.to_writer_binary(&mut binary).expect("a list");
            list.to_writer_xml(&mut xml).expect("a list");
            for file in [binary, xml] {
                assert!(begins(&file));
                let read = webarchive(&file).expect("a page");
                assert!(paragraphs(&read)[0].contains(&format!("the {word} had mended")));
                assert_eq!(read.metadata.url.as_deref(), Some("https://example.org/weir"));
                for end in (0..file.len()).step_by(17) {
                    let _ = webarchive(&file[..end]);
                }
            }
        }
    }

    #[test]
    fn what_is_no_page_is_named() {
        let mut file = Vec::new();
        archive(b"\x89PNG", "", "image/png").to_writer_binary(&mut file).expect("a list");
        assert_eq!(webarchive(&file).err().as_deref(), Some("it has no page in HTML"));
        let settings =
            b"<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>a</key><true/></dict></plist>";
        assert!(!begins(settings));
        assert!(webarchive(settings).is_err());
        assert!(webarchive(b"bplist00").is_err());
    }

    #[test]
    fn a_property_list_that_contains_itself_ends() {
        // An array whose only item is itself: an object table of one entry.
        let mut file = b"bplist00\xa1\x00\x08".to_vec();
        file.extend([0; 6]);
        file.extend([1, 1]);
        file.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
        assert!(webarchive(&file).is_err());
    }

    #[test]
    fn the_first_page_of_a_maff_is_read() {
        let rdf = "<?xml version=\"1.0\"?><RDF:RDF xmlns:MAF=\"http://maf.mozdev.org/metadata/rdf#\" \
            xmlns:RDF=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><RDF:Description RDF:about=\"urn:root\">\
            <MAF:originalurl RDF:resource=\"https://example.org/weir\"/><MAF:title RDF:resource=\"The weir\"/>\
            <MAF:indexfilename RDF:resource=\"index.htm\"/></RDF:Description></RDF:RDF>";
        let file = pack(&[
            ("1/index.rdf", rdf),
            ("1/index.htm", PAGE),
            ("1/index_files/menu.html", "<p>Other words.</p>"),
            ("2/index.rdf", rdf),
        ]);
        let read = maff(&file).expect("a page");
        assert!(paragraphs(&read)[0].starts_with("The weir was lost"));
        assert_eq!(read.metadata.url.as_deref(), Some("https://example.org/weir"));
        assert_eq!(read.remarks, ["It has 2 pages; only the first is read."]);
        assert!(maff(&pack(&[("a.txt", "words")])).is_err());
    }
}

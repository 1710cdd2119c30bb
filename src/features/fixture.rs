//! Workspaces for tests, written as one string: `//- path` begins another file, `<|>` is the cursor.

use std::path::PathBuf;

use crate::text::{FileId, FileOffset};
use crate::workspace::load::Loader;
use crate::workspace::{Change, Host, Snapshot};

/// A workspace with the cursor in one of its files.
pub(crate) struct Fixture {
    pub(crate) snap: Snapshot,
    pub(crate) file: FileId,
    /// The cursor, in the reading text of a brief.
    pub(crate) offset: usize,
    /// The cursor, in any file.
    pub(crate) cursor: FileOffset,
    _folder: tempfile::TempDir,
}

impl Fixture {
    /// The folder on disk.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self._folder.path()
    }
}

/// The two sources and the library that most tests cite; `brief` is `brief.md`.
pub(crate) fn harbours(brief: &str) -> Fixture {
    workspace(&format!("{HARBOURS}//- brief.md\n{brief}"))
}

/// The same with notes about one of the sources, two of them on its second passage.
pub(crate) fn notes_on_harbours(brief: &str) -> Fixture {
    workspace(&format!("{HARBOURS}//- notes/moss.md\n{NOTES}//- brief.md\n{brief}"))
}

const NOTES: &str = "\
# Moss

> begin work before the winter
> [@moss2020, ¶ 2] ^promise

Hearsay. #dredging

> the water is deep enough at every tide [@moss2020, ¶ 1]

Since when?

# Elsewhere

> which nobody on the quay believed [@moss2020]
";

const HARBOURS: &str = "\
//- refs.bib
@online{moss2020, author={Moss, Ada}, title={On Harbours}, organization={The Gauge}, date={2020-05-04}, url={https://gauge.example/1}, file={sources/moss.txt}}

@online{reed2021, author={Reed, Tom}, title={A History of Tides}, date={2021~}, file={sources/reed.txt}}

@online{fenn2022, title={Piers}, file={sources/fenn.txt}}
//- sources/moss.txt
On Harbours

Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year.

The port authority said it would “begin work before the winter” if the money came, which nobody on the quay believed.

Fishermen from the northern villages now land their catch across the bay, where the water is deep enough at every tide.
//- sources/reed.txt
A History of Tides

Tide tables were first printed for the pilots of the estuary, who sold them to captains at a shilling for each copy.

The moon explains most of what the tables show, but the wind explains what they miss, and pilots knew that long before.
";

/// An OpenDocument text of three pages, which are numbered from `first` if the file says so, as the source `vane1911`.
pub(crate) fn paged(first: Option<u32>, brief: &str) -> Fixture {
    let number = first.map_or(String::new(), |first| format!(" style:page-number=\"{first}\""));
    let document = format!(
        "<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
         xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" office:mimetype=\"application/vnd.oasis.opendocument.text\">\
         <office:meta><meta:document-statistic meta:page-count=\"3\"/></office:meta><office:automatic-styles><style:style style:name=\"First\" \
         style:family=\"paragraph\" style:master-page-name=\"Standard\"><style:paragraph-properties{number}/></style:style>\
         </office:automatic-styles><office:body><office:text><text:p text:style-name=\"First\">The ferry ran twice a day until the \
         river froze over.</text:p><text:p><text:soft-page-break/>In the spring the ferryman asked for a second boat and was \
         refused.</text:p><text:p><text:soft-page-break/>He left before the harvest, and nobody took the oars after \
         him.</text:p></office:text></office:body></office:document>"
    );
    workspace(&format!(
        "//- refs.bib\n@book{{vane1911, title={{Ferries}}, file={{ferries.fodt}}}}\n//- ferries.fodt\n{document}\n//- brief.md\n{brief}"
    ))
}

/// The workspace that `text` describes.
pub(crate) fn workspace(text: &str) -> Fixture {
    let folder = tempfile::tempdir().expect("a folder for the fixture");
    let mut cursor = None;
    for part in text.split("//- ").skip(1) {
        let (name, content) = part.split_once('\n').expect("a name and a text");
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders can be made");
        if let Some(offset) = content.find("<|>") {
            cursor = Some((path.clone(), offset));
        }
        std::fs::write(&path, content.replace("<|>", "")).expect("files can be written");
    }
    let mut host = Host::default();
    host.apply(Change::Loaded(Loader::new(folder.path().to_path_buf()).load(&|_| {})));
    let (path, offset) = cursor.unwrap_or((PathBuf::from(folder.path()).join("brief.md"), 0));
    let (file, cursor) = (FileId::new(path), FileOffset(offset));
    Fixture { snap: host.snapshot(), file, offset, cursor, _folder: folder }
}

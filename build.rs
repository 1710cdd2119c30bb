//! Lists the files of languages for `src/text/language/mod.rs`, so that a language is added with one file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = root.join("src/text/language");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    let mut list = String::from("[\n");
    for path in &files {
        let (tag, text) = (tag(path), fs::read_to_string(path)?);
        let (code, script) = (field(&text, "code"), field(&text, "script"));
        let _ = writeln!(
            list,
            "File {{ tag: {tag:?}, code: {code:?}, script: {script:?}, text: include_str!({path:?}) }},"
        );
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("languages.rs"), list)
}

/// `en` for `en.toml`.
fn tag(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What the first line `name = "…"` of a file says. It is wanted before the file is parsed; the tests tell when it
/// is missing.
fn field(text: &str, name: &str) -> String {
    let value =
        |line: &str| Some(line.strip_prefix(name)?.strip_prefix(" = \"")?.split('"').next()?.to_owned());
    text.lines().find_map(value).unwrap_or_default()
}

//! Lists the files of languages for `src/text/language/mod.rs`, so that a language is added with one file, and
//! identifies the readers of documents and the makers of sources by hashes of their code, so that the cache never
//! serves what an older version made.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let readers = root.join("src/corpus/ingest");
    println!("cargo::rerun-if-changed={}", readers.display());
    let mut hasher = DefaultHasher::new();
    hash(&readers, &mut hasher)?;
    println!("cargo::rustc-env=GLOSSATOR_READERS={:016x}", hasher.finish());
    let mut hasher = DefaultHasher::new();
    for made_by in ["src/corpus", "src/text", "src/workspace/store.rs", "Cargo.lock"] {
        let path = root.join(made_by);
        println!("cargo::rerun-if-changed={}", path.display());
        if path.is_dir() { hash(&path, &mut hasher)? } else { hash_file(&path, &mut hasher)? }
    }
    println!("cargo::rustc-env=GLOSSATOR_CORPUS={:016x}", hasher.finish());
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

/// Hashes the contents of all files below `folder`, in order of their names.
fn hash(folder: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() { hash(&path, hasher)? } else { hash_file(&path, hasher)? }
    }
    Ok(())
}

/// Hashes the content of `file`; nothing if it is missing, as the lock file may be in a package.
fn hash_file(file: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    match fs::read(file) {
        Ok(content) => content.hash(hasher),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(())
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

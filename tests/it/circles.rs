//! No two files of one room import each other, directly or through others.
//!
//! An import of a name that a module only re-exports counts as an import of the file that defines it. So a
//! parent may hand on what its children define, and children may take it from there, but a child may not use
//! what its parent defines if the parent uses the child.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;

/// The path of a module below the crate, such as `["corpus", "entity"]`.
type Module = Vec<String>;

/// The imports of a file.
#[derive(Default)]
struct File {
    /// Each `use`: the path, and the name it has in this file.
    uses: Vec<(Vec<String>, String)>,
    /// Paths in the code itself.
    inline: Vec<Vec<String>>,
}

/// The code of `text` without its tests and comments, and without string literals that could look like code.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let restricted = Regex::new(r"pub\(in [^)]*\)").expect("a pattern");
    let test_modules =
        Regex::new(r"#\[cfg\(test\)\]\s*\n\s*(pub |pub\(crate\) )?mod \w+;").expect("a pattern");
    let text = restricted.replace_all(&lines.join("\n"), "pub").into_owned();
    test_modules.replace_all(&text, "").into_owned()
}

/// The paths of a `use` tree, each with the name it is imported under.
fn expand(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    if let Some((before, inner)) = tree.split_once('{') {
        let before: Vec<String> = segments(before);
        let inner = inner.strip_suffix('}').unwrap_or(inner);
        let mut out = Vec::new();
        let (mut depth, mut start) = (0, 0);
        for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    for (path, name) in expand(&inner[start..at]) {
                        let whole: Vec<String> = before.iter().cloned().chain(path).collect();
                        let name =
                            if name == "self" { whole.last().cloned().unwrap_or_default() } else { name };
                        out.push((whole, name));
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return out;
    }
    let (path, name) = match tree.split_once(" as ") {
        Some((path, name)) => (path, Some(name.trim().to_owned())),
        None => (tree, None),
    };
    let mut path = segments(path);
    let last = path.last().cloned().unwrap_or_default();
    if last == "self" {
        path.pop();
    }
    if last.is_empty() { Vec::new() } else { vec![(path, name.unwrap_or(last))] }
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Reads all files: the module and the text of each.
fn read(texts: &BTreeMap<Module, String>) -> BTreeMap<Module, File> {
    let import = Regex::new(r"(?ms)^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+([^;]+);").expect("a pattern");
    let rooted = Regex::new(r"\b(?:crate|super|self)(?:::\w+)+").expect("a pattern");
    let relative = Regex::new(r"(?:^|[^:\w])([a-z_]\w*(?:::\w+)+)").expect("a pattern");
    let mut files = BTreeMap::new();
    for (module, text) in texts {
        let code = code(text);
        let uses = import.captures_iter(&code).flat_map(|found| expand(&found[1])).collect();
        let body = import.replace_all(&code, "");
        let mut inline: Vec<Vec<String>> =
            rooted.find_iter(&body).map(|found| segments(found.as_str())).collect();
        for found in relative.captures_iter(&body) {
            let path = segments(&found[1]);
            let child: Module = module.iter().cloned().chain(path.first().cloned()).collect();
            if texts.contains_key(&child) {
                inline.push(std::iter::once("self".to_owned()).chain(path).collect());
            }
        }
        files.insert(module.clone(), File { uses, inline });
    }
    files
}

/// The module that defines what `path` names in `module`; `None` for anything that is not ours.
fn defining(
    files: &BTreeMap<Module, File>,
    module: &Module,
    path: &[String],
    depth: usize,
) -> Option<Module> {
    /// Deepest chain of re-exports followed, so that the search ends if names lead in a circle.
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return None;
    }
    let mut here = module.clone();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => (here, rest) = (Module::new(), &path[1..]),
        Some("self") => rest = &path[1..],
        Some("super") => {}
        Some(first) => {
            let child: Module = here.iter().cloned().chain([first.to_owned()]).collect();
            if !files.contains_key(&child) {
                let (target, _) =
                    files[&here].uses.iter().find(|(target, name)| name == first && target[0] != first)?;
                let target: Vec<String> = target.iter().chain(&path[1..]).cloned().collect();
                return defining(files, module, &target, depth + 1);
            }
        }
        None => return None,
    }
    while let Some(first) = rest.first() {
        if first == "super" {
            here.pop();
            rest = &rest[1..];
            continue;
        }
        let child: Module = here.iter().cloned().chain([first.clone()]).collect();
        if files.contains_key(&child) {
            (here, rest) = (child, &rest[1..]);
            continue;
        }
        let handed_on = files.get(&here)?.uses.iter().filter(|(_, name)| name == first);
        let found = handed_on
            .map(|(target, _)| -> Vec<String> { target.iter().chain(&rest[1..]).cloned().collect() });
        let found = found.filter_map(|target| defining(files, &here, &target, depth + 1)).next();
        return Some(found.unwrap_or(here));
    }
    Some(here)
}

/// The files that each file imports something from.
fn imports(texts: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let files = read(texts);
    let of = |(module, file): (&Module, &File)| {
        let paths = file.uses.iter().map(|(path, _)| path).chain(&file.inline);
        let found = paths.filter_map(|path| defining(&files, module, path, 0));
        (module.clone(), found.filter(|other| other != module && !other.is_empty()).collect())
    };
    files.iter().filter(|(module, _)| !module.is_empty()).map(of).collect()
}

/// A shortest circle of imports through each file that is in one.
fn circles(texts: &BTreeMap<Module, String>) -> BTreeSet<String> {
    let imports = imports(texts);
    let mut found = BTreeSet::new();
    for start in imports.keys() {
        let mut ways = vec![vec![start.clone()]];
        let mut seen: BTreeSet<&Module> = BTreeSet::new();
        'search: while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in &ways {
                for next in imports.get(&way[way.len() - 1]).into_iter().flatten() {
                    if next == start {
                        // Report each circle once, beginning with its first file.
                        if way.iter().min() == Some(start) {
                            let names: Vec<String> =
                                way.iter().chain([start]).map(|one| one.join("/")).collect();
                            found.insert(names.join(" -> "));
                        }
                        break 'search;
                    }
                    if let Some((known, _)) = imports.get_key_value(next)
                        && seen.insert(known)
                    {
                        longer.push(way.iter().cloned().chain([next.clone()]).collect());
                    }
                }
            }
            ways = longer;
        }
    }
    found
}

fn sources() -> BTreeMap<Module, String> {
    fn walk(folder: &Path, module: &Module, out: &mut BTreeMap<Module, String>) {
        for entry in std::fs::read_dir(folder).expect("src can be listed").flatten() {
            let path = entry.path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let below = || -> Module { module.iter().cloned().chain([name.clone()]).collect() };
            if path.is_dir() {
                walk(&path, &below(), out);
            } else if path.extension().is_some_and(|ending| ending == "rs") && name != "main" {
                let text = std::fs::read_to_string(&path).expect("src can be read");
                out.insert(if matches!(&*name, "mod" | "lib") { module.clone() } else { below() }, text);
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &Module::new(), &mut out);
    assert!(out.len() > 100, "the walk found src");
    out
}

#[test]
fn no_two_files_of_a_room_import_each_other() {
    let found = circles(&sources());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let texts = |files: &[(&str, &str)]| -> BTreeMap<Module, String> {
        files.iter().map(|(module, text)| (segments(module), (*text).to_owned())).collect()
    };
    let none: [&str; 0] = [];
    let found = |files: &[(&str, &str)]| circles(&texts(files)).into_iter().collect::<Vec<_>>();
    // Siblings, through `super`, the whole path or inline.
    assert_eq!(
        found(&[
            ("", ""),
            ("room", ""),
            ("room::a", "use super::b::B;"),
            ("room::b", "fn f() { crate::room::a::f() }")
        ]),
        ["room/a -> room/b -> room/a"]
    );
    // Through a third file.
    assert_eq!(
        found(&[
            ("", ""),
            ("room", ""),
            ("room::a", "use super::{b::{self, B}, x};"),
            ("room::b", "use crate::room::c::{C, D as E};"),
            ("room::c", "use super::a;"),
        ]),
        ["room/a -> room/b -> room/c -> room/a"]
    );
    // A parent that uses its child, which uses something the parent defines.
    assert_eq!(
        found(&[
            ("", ""),
            ("room", "mod a;\npub struct P;\nfn f() { a::g() }"),
            ("room::a", "use super::P;")
        ]),
        ["room -> room/a -> room"]
    );
    // A parent that only re-exports what a child defines; also tests, comments and code from elsewhere.
    assert_eq!(
        found(&[
            ("", ""),
            ("room", "mod a;\nmod leaf;\npub use leaf::P;\nuse a::g;"),
            (
                "room::a",
                "use super::P;\nuse std::fmt;\n// use super::g;\n#[cfg(test)]\nmod tests {\n use super::super::g;\n}"
            ),
            ("room::leaf", "pub struct P;"),
        ]),
        none
    );
}

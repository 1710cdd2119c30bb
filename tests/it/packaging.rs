//! The one list of targets, and what must agree with it.

use std::path::Path;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// Name and triple of each target.
fn targets() -> Vec<(String, String)> {
    let list = read("packaging/targets");
    let rows = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows: Vec<Vec<String>> =
        rows.map(|row| row.split_whitespace().map(str::to_owned).collect()).collect();
    assert!(rows.len() >= 7 && rows.iter().all(|row| row.len() == 9), "{rows:?}");
    rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

#[test]
fn every_target_is_on_the_page_about_installing() {
    let page = read("docs/install.md");
    for (name, _) in targets() {
        assert!(page.contains(&format!("`{name}`")), "docs/install.md lacks {name}");
    }
}

#[test]
fn mason_gets_every_archive_of_this_version() {
    let package = read("packaging/upstream/mason/packages/glossator/package.yaml");
    let version = env!("CARGO_PKG_VERSION");
    assert!(package.contains(&format!("{}@v{version}\n", "pkg:github/glossator-ls/glossator")), "{package}");
    for (_, triple) in targets() {
        let ending = if triple.contains("windows") { "zip" } else { "tar.gz" };
        let file = format!("file: 'glossator-{{{{ version | strip_prefix \"v\" }}}}-{triple}.{ending}'");
        assert!(package.contains(&file), "{file}");
    }
}

#[test]
fn binstall_asks_for_the_names_that_archives_have() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("TOML");
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let filled = |text: &toml::Value, triple: &str| {
        text.as_str()
            .expect("a string")
            .replace("{ repo }", env!("CARGO_PKG_REPOSITORY"))
            .replace("{ version }", "9.9.9")
            .replace("{ target }", triple)
    };
    // As packaging/pack.py writes them.
    let script = read("packaging/pack.py");
    assert!(
        script.contains("name = f\"glossator-{VERSION}-{target['triple']}\""),
        "the name of the archives"
    );
    for (_, triple) in targets() {
        let own = binstall["overrides"].get(&triple).unwrap_or(binstall);
        let ending = if triple.contains("windows") { "zip" } else { "tar.gz" };
        let wanted = format!(
            "{}/releases/download/v9.9.9/glossator-9.9.9-{triple}.{ending}",
            env!("CARGO_PKG_REPOSITORY")
        );
        assert_eq!(filled(&own["pkg-url"], &triple), wanted);
    }
}

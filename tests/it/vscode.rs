//! Compares what the VS Code extension declares with what the server offers.

use std::path::Path;

use serde_json::{Map, Value};

/// Settings of the extension alone.
const OWN: [&str; 3] = ["glossator.enable", "glossator.server.path", "glossator.trace.server"];

fn manifest() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode/package.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("a package.json")).expect("JSON")
}

/// What its settings page declares, of all sections.
fn declared(manifest: &Value) -> Map<String, Value> {
    let sections = manifest["contributes"]["configuration"].as_array().expect("sections");
    let properties = |section: &Value| section["properties"].as_object().expect("properties").clone();
    sections.iter().flat_map(properties).collect()
}

#[test]
fn its_settings_page_has_the_servers_settings() {
    let manifest = manifest();
    let properties = declared(&manifest);
    let again = "run `npm run settings` in editors/vscode";
    let mut servers = 0;
    for setting in glossator::config::settings() {
        let name = format!("glossator.{}", setting.name());
        let declared = properties.get(&name).unwrap_or_else(|| panic!("no {name}: {again}"));
        let schema = setting.schema();
        for (key, value) in schema.as_object().expect("an object") {
            // VS Code shows Markdown under this name only.
            let key = if key == "description" { "markdownDescription" } else { key };
            assert_eq!(&declared[key], value, "{key} of {name}: {again}");
        }
        servers += 1;
    }
    assert_eq!(properties.len(), servers + OWN.len(), "a setting that the server does not have: {again}");
    assert!(OWN.iter().all(|name| properties.contains_key(*name)));
}

#[test]
fn a_workspace_that_is_not_trusted_names_no_program_and_no_folders() {
    let manifest = manifest();
    let properties = declared(&manifest);
    for own in ["glossator.server.path", "glossator.corpus.outside", "glossator.corpus.attachments"] {
        assert_eq!(properties[own]["scope"], "machine", "{own}");
    }
    let restricted = &manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"];
    let restricted: Vec<&str> =
        restricted.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(restricted, ["glossator.server.path", "glossator.corpus.roots", "glossator.corpus.library"]);
}

#[test]
fn its_version_is_the_servers() {
    assert_eq!(manifest()["version"], env!("CARGO_PKG_VERSION"));
}

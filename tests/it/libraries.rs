//! Damaged libraries in an editor: the intact entries have their cards, and the broken one is reported once,
//! at its place.

use serde_json::json;

use crate::client::Client;
use crate::lsp::{UTF16, rail, range};

const BIB: &str = "@string(quay = \"Quay\" # { Press})\n\
    @incollection(tides, crossref = {harbours}, author = {Lind, Bo}, title = {On \"Tides\"})\n\
    @misc{open, title = {Open\n\
    @collection{harbours, editor = {Fenn, A.}, title = {Harbours}, publisher = quay, date = {2019-05~}}\n";

const JSON: &str = "[\n\
    {\"id\": \"moss\", \"title\": \"Ice\"},\n\
    {\"id\": \"reed\", \"title\": \"Fog},\n\
    {\"id\": \"lowe\", \"title\": \"Wind\", \"issued\": {\"date-parts\": [[2022, 3]]}}\n\
    ]\n";

const CITING: &str = "# Harbours\n\n\
    <!-- of chapters -->\n\
    <div>\n\
    See @tides and [@lowe, p. 3].\n\
    </div>\n";

#[test]
fn a_break_costs_its_own_entry_and_inherited_fields_are_on_the_card() {
    let folder = rail();
    folder.write("more.bib", BIB);
    folder.write("references.json", JSON);
    folder.write("brief.md", CITING);
    let mut client = Client::initialized(&folder.path, UTF16);
    client.open(&folder.brief(), "markdown", CITING);
    assert_eq!(client.findings(&folder.brief()), Vec::<serde_json::Value>::new());
    let hover = client.at("hover", &folder.brief(), 4, 6);
    let card = hover["contents"]["value"].as_str().unwrap_or_default();
    for part in ["On \"Tides\"", "Bo Lind", "Harbours", "about May 2019"] {
        assert!(card.contains(part), "{part}: {card}");
    }
    assert_eq!(hover["range"], range(4, 4, 10));
    let hover = client.at("hover", &folder.brief(), 4, 17);
    let card = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(card.contains("Wind") && card.contains("March 2022"), "{card}");
    for (name, line) in [("more.bib", 2), ("references.json", 2)] {
        let found = client.findings(&folder.path.join(name));
        let codes: Vec<_> = found.iter().map(|one| &one["code"]).collect();
        assert_eq!(codes, [&json!("broken-entry")], "{name}: {found:?}");
        assert_eq!(found[0]["range"]["start"], json!({"line": line, "character": 0}), "{name}: {found:?}");
    }
}

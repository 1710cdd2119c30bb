// npm run settings: writes the server's own table of settings into package.json, each into the section that has the
// others of its table.
// A test of the server fails when the two differ.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const cargo = ["run", "--quiet", "--manifest-path", "../../Cargo.toml", "--", "settings"];
const table = JSON.parse(execFileSync("cargo", cargo, { encoding: "utf8" }));
const sections = manifest.contributes.configuration;
/** The section for `glossator.TABLE.…`; what is new goes to the findings. */
const TITLES = {
  corpus: "Sources and Libraries",
  briefs: "Briefs and Notes",
  notes: "Briefs and Notes",
  bibliography: "Briefs and Notes",
  hints: "Hints",
  standards: "Likelihood Scale",
};
const section = (name) => {
  const title = TITLES[name.split(".")[1]] ?? "Findings";
  return sections.find((one) => one.title === title).properties;
};
for (const { properties } of sections) {
  for (const name of Object.keys(properties)) {
    if (!/^glossator\.(enable|server\.path|trace\.server)$/.test(name)) delete properties[name];
  }
}
for (const { name, schema } of table) {
  const { description, ...rest } = schema;
  // Which files outside a folder may be read is not for the folder to say.
  const own = ["glossator.corpus.outside", "glossator.corpus.attachments"];
  const scope = own.includes(name) ? "machine" : "window";
  section(name)[name] = { ...rest, scope, markdownDescription: description };
}
writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);

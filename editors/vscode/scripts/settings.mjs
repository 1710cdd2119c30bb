// npm run settings: writes the server's own table of settings into package.json.
// A test of the server fails when the two differ.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const cargo = ["run", "--quiet", "--manifest-path", "../../Cargo.toml", "--", "settings"];
const table = JSON.parse(execFileSync("cargo", cargo, { encoding: "utf8" }));
const { properties } = manifest.contributes.configuration;
for (const name of Object.keys(properties)) {
  if (!/^glossator\.(enable|server\.path|trace\.server)$/.test(name)) delete properties[name];
}
for (const { name, schema } of table) {
  const { description, ...rest } = schema;
  // What may be read outside of a folder is not the folder's to say.
  const scope = name === "glossator.corpus.outside" ? "machine" : "window";
  properties[name] = { ...rest, scope, markdownDescription: description };
}
writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);

// node run.mjs: drives VS Code through editors/STEPS.md and what it has beyond. Started by ../test.sh, which sets
//   NAME           of this run, for the files of a failure
//   PLAYWRIGHT     folder with playwright-core       CODE_SERVER  what starts code-server
//   VSIX           the package to install            WORKSPACE    the copy of the bundled workspace
//   FAILURES       folder for the screens of steps that fail
//   SCREENSHOTS    folder for the screens that the README shows (optional)
//   ONLY           parts to run, by the names of their functions (optional)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { beyond } from "./beyond.mjs";
import { CodeServer } from "./code-server.mjs";
import { elsewhere } from "./elsewhere.mjs";
import { previews } from "./preview.mjs";
import { quoting } from "./quoting.mjs";
import { shown } from "./shown.mjs";
import { typing } from "./typing.mjs";
import { Workbench } from "./workbench.mjs";
import { written } from "./written.mjs";

const { NAME, PLAYWRIGHT, CODE_SERVER, VSIX, WORKSPACE, FAILURES, SCREENSHOTS } = process.env;
const { chromium } = createRequire(join(PLAYWRIGHT, "package.json"))("playwright-core");

let failed = 0;

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.end();
    process.exit(1);
  });
}

const server = new CodeServer(CODE_SERVER);
const url = await server.start(VSIX);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
const page = await context.newPage();
const bench = new Workbench(page);
const begin = Date.now();

const clipped = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);

/** Runs one step; one that fails leaves its screen and does not stop the others. */
async function step(name, run) {
  try {
    const said = await run();
    console.log(`ok    ${name}${said === undefined ? "" : ` (${clipped(said)})`}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${error.message.split("\n").slice(0, 3).join("\n      ")}`);
    const file = join(FAILURES, `${NAME}.${failed}.png`);
    await page.screenshot({ path: file }).catch(() => {});
    console.log(`      the screen: ${file}`);
    // What it left half done must not be in the way of the next one.
    await bench.press("Escape", "Escape").catch(() => {});
    await bench.command("File: Revert File").catch(() => {});
  }
}

/** Changes a setting of this machine, which no workspace can, while VS Code runs. */
const setting = (name, value) => server.setting(name, value);

/** The screen, for a person to look at and for the README. */
async function shot(name) {
  if (!SCREENSHOTS) return;
  // What fades in is in.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

const readBrief = () => readFileSync(join(WORKSPACE, BRIEF), "utf8");
const BRIEF = "seeds/briefs/taliban-and-moscow.md";
const original = readBrief();

/** Line and column (from 1, UTF-16 as VS Code counts) of the first `text` behind the first `before`, `more` further on. */
function place(text, more = 0, before = "") {
  const from = original.indexOf(before);
  const at = original.indexOf(text, from + before.length);
  if (from < 0 || at < 0) throw new Error(`the brief no longer holds ${before}…${text}`);
  const lines = original.slice(0, at + more).split("\n");
  return [lines.length, lines.at(-1).length + 1];
}

/** Findings that are ours and those that are not; what only leads to a source is neither. */
async function findings() {
  const rows = (await bench.problems()).filter((row) => row.includes("[Ln") && !/^\S+\.txt ?\[Ln/.test(row));
  const ours = (row) => /glossator ?\(?[a-z-]+\)? \[Ln/.test(row);
  return [rows.filter(ours), rows.filter((row) => !ours(row))];
}

const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

/** The status item. */
const STATUS = "#glossator\\.glossator\\.glossator\\.status";

const test = { bench, page, step, shot, setting, place, readBrief, findings, clipboard, STATUS, BRIEF, WORKSPACE, url };
try {
  await step("start: the workbench opens, and the package is installed in it", async () => {
    await bench.start(url, WORKSPACE);
    await bench.open(BRIEF);
  });
  for (const part of [shown, written, quoting, beyond, previews, typing, elsewhere]) {
    if (!process.env.ONLY || process.env.ONLY.split(",").includes(part.name)) await part(test);
  }
} finally {
  await browser.close();
  await server.remove();
}
console.log(failed ? `${failed} steps failed` : `all steps passed in ${Math.round((Date.now() - begin) / 1000)} s`);
process.exit(failed ? 1 : 0);

// What the extension has beyond editors/STEPS.md: its status item, and commands that other editors have as keys.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Rows of the view "Sources". */
const SOURCES = ".pane:has(.pane-header[aria-label^='Sources']) .monaco-list-row";

export async function beyond({ bench, page, step, shot, place, findings, STATUS, BRIEF, WORKSPACE }) {
  await step("item: sources, and the findings of this brief", async () => {
    await bench.open(BRIEF);
    return bench.see(STATUS, "5 sources · 4 findings");
  });
  await step("validation: VS Code's own finds nothing wrong with citations", async () => {
    const [ours, others] = await findings();
    await bench.closePanel();
    if (ours.length !== 4 || others.length > 0) throw new Error([...ours, ...others].join("\n"));
  });
  await step("fit: what fits the sentence comes first, and can be looked at", async () => {
    await bench.goto(...place("Nobody in Moscow took that as a bond", 20));
    await bench.command("Glossator: Insert Citation");
    await bench.see(".quick-input-title", "Insert Citation");
    const first = await bench.until("a list", async () => (await bench.quickRows()).find((row) => row.includes("·")));
    if (!first.includes("¶")) throw new Error(first);
    const row = page.locator(".quick-input-list .monaco-list-row:visible").first();
    await row.hover();
    await row.locator(".action-label").first().click();
    await bench.see(".tab.active", ".txt");
    await bench.press("Escape");
    await bench.closeAll();
    return first;
  });
  await step("beside: the source, at the passage", async () => {
    await bench.open(BRIEF);
    await bench.goto(...place("@csactu2021, ¶ 6", 3));
    await bench.command("Glossator: Open Source Beside");
    await bench.activeTab("003_13e63dcbeaa9edbd.txt");
    await bench.at(18);
    if ((await bench.count(".editor-group-container")) !== 2) throw new Error("not beside");
    await shot("beside");
    await bench.closeAll();
  });
  await step("sources: a view of what was read, how often it is cited, which follows the folder and opens a source", async () => {
    await bench.open(BRIEF);
    // VS Code shows what is new in the Explorer closed.
    await bench.command("Focus on Sources View");
    const rows = await bench.until("five sources", async () => {
      const rows = await bench.texts(SOURCES);
      return rows.length === 5 && rows;
    });
    if (!rows.some((row) => /suchkov2021\s*11 ¶ · cited \d+×/.test(row))) throw new Error(rows.join(" | "));
    await shot("sources");
    await bench.command("View: Focus Active Editor Group");
    const late = join(WORKSPACE, "seeds/late.txt");
    writeFileSync(late, "The ferry sails twice a week, and only when the ice allows it.\n");
    await bench.see(SOURCES, /late\s*1 ¶ · not cited/);
    await bench.press("Control+End", "Enter");
    await bench.type("It sails twice a week [@late].");
    await bench.see(SOURCES, /late\s*1 ¶ · cited 1×/);
    await bench.command("File: Revert File");
    rmSync(late);
    await bench.gone(SOURCES, "late");
    await page.locator(SOURCES).filter({ hasText: "suchkov2021" }).click();
    await bench.activeTab("004_d0ffb78fef87c962.txt");
    await bench.closeAll();
    return rows.join(" | ");
  });
  await step("key: the default one of Insert Citation is nobody else's", async () => {
    await bench.open(BRIEF);
    await bench.goto(...place("Nobody in Moscow took that as a bond", 20));
    await bench.press("Control+k", "q");
    await bench.see(".quick-input-title", "Insert Citation");
    await bench.press("Escape");
    await bench.command("Preferences: Open Default Keyboard Shortcuts (JSON)");
    await bench.press("Control+f");
    await bench.type('"ctrl+k q"');
    const found = await bench.see(".find-widget .matchesCount", / of /);
    await bench.press("Escape");
    await bench.closeAll();
    if (!/ of 1$/.test(found)) throw new Error(found);
  });
  await step("review: the page opens beside the brief", async () => {
    await bench.open(BRIEF);
    await bench.command("Glossator: Show Review");
    const said = await bench.webview().locator("body").filter({ hasText: "determined" }).innerText();
    if (!said.includes("Review of “The Taliban and Moscow”")) throw new Error(said);
    await shot("review");
    await bench.closeAll();
  });
  await step("walkthrough: five steps, each with its picture", async () => {
    // Pictures have no room beside it.
    await bench.command("View: Close Primary Side Bar");
    await bench.command("Welcome: Open Walkthrough");
    await bench.quickRow("Write from sources with Glossator").click();
    await page.locator(".getting-started-step").first().waitFor();
    const steps = await bench.count(".getting-started-step");
    const picture = page.locator(".getting-started-media img").first();
    await picture.waitFor();
    await bench.until("the picture", () => picture.evaluate((image) => image.naturalWidth > 0));
    await shot("walkthrough");
    await bench.closeAll();
    await bench.command("View: Show Explorer");
    if (steps !== 5) throw new Error(`${steps}`);
  });
  await step("restart: the server comes back, and the log tells of it", async () => {
    await bench.open(BRIEF);
    await bench.command("Glossator: Show Log");
    const starts = async () => (await bench.texts(".output-view .view-line")).filter((line) => line.includes("Server:")).length;
    const before = await bench.until("a start in the log", starts);
    await bench.command("Glossator: Restart Server");
    await bench.until("another start in the log", async () => (await starts()) > before);
    await bench.closePanel();
    await bench.open(BRIEF);
    await bench.see(STATUS, "5 sources · 4 findings");
  });
}

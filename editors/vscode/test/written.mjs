// editors/STEPS.md, what an editor writes and does.

import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const KEYS = ["bugajski2021", "csactu2021", "kalinovsky2024", "suchkov2021", "tenzer2021"];

export async function written({ bench, page, step, shot, place, readBrief, findings, STATUS, BRIEF, WORKSPACE }) {
  const suggested = () => bench.texts(".suggest-widget.visible .monaco-list-row");

  await step("fix: the word is the source’s again, and its finding goes", async () => {
    await bench.open(BRIEF);
    await bench.see(STATUS, "4 findings");
    const [line, column] = place("resolved", 0, "firmly ");
    await bench.goto(line, column + 2);
    await bench.press("Control+.");
    await bench.see(".action-widget .monaco-list-row", "determined");
    await shot("fix");
    await bench.press("Enter");
    await bench.see(".view-line", "firmly determined to ward off");
    await bench.until("no finding of it", async () => !(await bench.problems()).some((row) => row.includes("“determined” here")));
    await bench.closePanel();
    await bench.command("File: Revert File");
    await bench.see(".view-line", "firmly resolved to ward off");
  });
  await step("support: a passage that speaks to the sentence, and its citation in front of the full stop", async () => {
    await bench.goto(...place("on 9 July", 4));
    const wanted = page.locator(".action-widget .monaco-list-row").filter({ hasText: /Passage:\ssuchkov2021,\s¶\s4/ }).first();
    // On a busy machine VS Code has been seen to say that there is nothing before the server has answered.
    const row = await bench.until("the menu", async () => {
      await bench.press("Escape", "Control+.");
      return wanted.innerText({ timeout: 5000 }).catch(() => undefined);
    });
    await bench.press("Enter");
    await bench.see(".view-line", /on\s9\sJuly\s\[@suchkov2021.*,\s¶\s4\]\./);
    await bench.command("File: Revert File");
    await bench.until("the text as it was", async () => (await bench.shown()).includes("on 9 July."));
    return row;
  });
  await step("completion: the five keys, and what is accepted", async () => {
    await bench.press("Control+End", "Enter");
    await bench.type("Moscow set its red lines with the delegation [@");
    const rows = await bench.until("the list", async () => {
      const rows = await suggested();
      return rows.length >= KEYS.length && rows;
    });
    const missing = KEYS.filter((key) => !rows.some((row) => row.includes(key)));
    if (missing.length > 0) throw new Error(`no ${missing} in ${rows.join(" | ")}`);
    await shot("completion");
    await bench.type("such");
    await bench.until("the one that fits", async () => {
      const first = await bench.texts(".suggest-widget.visible .monaco-list-row.focused");
      return first[0]?.includes("suchkov2021");
    });
    await bench.press("Tab");
    await bench.see(".view-line", "delegation [@suchkov2021");
    return rows.join(" | ");
  });
  await step("locator: the passages of the source, and what is accepted", async () => {
    await bench.type(", ");
    const rows = await bench.until("the passages", async () => {
      const rows = await suggested();
      return rows.length >= 2 && rows.every((row) => row.includes("¶")) && rows;
    });
    await bench.press("Tab");
    await bench.see(".view-line", /delegation\s\[@suchkov2021.*,\s¶\s\d+/);
    await bench.command("File: Revert File");
    return rows.slice(0, 3).join(" | ");
  });
  await step("insert: found by words of a passage, without knowing a key", async () => {
    await bench.goto(...place(" His conclusion is cool"));
    await bench.command("Glossator: Insert Citation");
    await bench.see(".quick-input-title", "Insert Citation");
    await bench.quickRow("suchkov2021").waitFor();
    await bench.quickInput("exchanging promises");
    await bench.quickRow("suchkov2021, ¶ 10").waitFor();
    await bench.until("the passage first", async () => (await bench.quickRows())[0]?.includes("suchkov2021, ¶ 10"));
    await shot("insert-citation");
    await bench.quickRow("suchkov2021, ¶ 10").click();
    await bench.see(".view-line", "¶ 10]. [@suchkov2021");
    await bench.command("File: Revert File");
    await bench.until("the text as it was", async () => !(await bench.shown()).includes("¶ 10]. [@suchkov2021"));
  });
  await step("check: the findings of a brief that is not open", async () => {
    await bench.closeAll();
    await bench.command("Glossator: Verify All Quotations in the Workspace");
    await bench.see(".notifications-toasts", "4 findings in one brief");
    const [ours] = await findings();
    if (ours.length !== 4 || !ours.some((row) => row.includes("determined"))) throw new Error(ours.join("\n"));
    await shot("verify");
    await bench.closePanel();
  });
  await step("status: what was read and what was left out", async () => {
    await bench.command("Glossator: Show What Was Read and What Was Left Out");
    const said = await bench.webview().locator("body").filter({ hasText: "What Glossator has read" }).innerText();
    if (!/Sources\s+5/.test(said) || !said.includes("library.bib")) throw new Error(said);
    await shot("indexed");
    await bench.closeAll();
  });
  await step("rename: in the brief and in the library", async () => {
    const library = () => readFileSync(join(WORKSPACE, "seeds/library.bib"), "utf8");
    const cited = readBrief().split("@suchkov2021").length;
    for (const [from, to] of [["suchkov2021", "suchkov2021x"], ["suchkov2021x", "suchkov2021"]]) {
      await bench.open(BRIEF);
      await bench.goto(...place("@suchkov2021", 3));
      await bench.press("F2");
      const box = page.locator(".rename-box input");
      await box.waitFor();
      await box.fill(to);
      await bench.press("Enter");
      await bench.see(".view-line", `@${to}`);
      await bench.command("File: Save All");
      await bench.until(`${to} on disk`, () => library().includes(`{${to},`) && readBrief().split(`@${to}`).length === cited);
      if (library().includes(`{${from},`)) throw new Error(`the library still has ${from}`);
    }
  });
  await step("document: the text of a PDF, at the quoted words", async () => {
    for (const [name, folder] of [["weir.pdf", "seeds"], ["weir.md", "seeds/briefs"]]) {
      copyFileSync(new URL(`../../document/${name}`, import.meta.url), join(WORKSPACE, folder, name));
    }
    await bench.open("seeds/briefs/weir.md");
    await bench.see(".view-line", /through”\s*✓/);
    const quoted = readFileSync(join(WORKSPACE, "seeds/briefs/weir.md"), "utf8").split("\n");
    const line = quoted.findIndex((words) => words.includes("left the sluice"));
    await bench.goto(line + 1, quoted[line].indexOf("left the sluice") + 4);
    await bench.press("F12");
    await bench.at(15, 20);
    await bench.see(".view-line", "⟦p. 2⟧");
    await bench.hover("p. 2");
    await shot("document");
    await bench.closeAll();
    for (const path of ["seeds/weir.pdf", "seeds/briefs/weir.md"]) rmSync(join(WORKSPACE, path));
    // The item is there beside a brief only.
    await bench.open(BRIEF);
    await bench.see(STATUS, "5 sources");
  });
}

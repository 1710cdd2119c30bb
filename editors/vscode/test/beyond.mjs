// What the extension has beyond editors/STEPS.md: its status item, and commands that other editors have as keys.

export async function beyond({ bench, page, step, shot, place, findings, STATUS, BRIEF }) {
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

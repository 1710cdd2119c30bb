// Words of a source on their way into a brief: by the clipboard, and finished while they are typed.

export async function quoting({ bench, page, step, shot, clipboard, BRIEF }) {
  await step("quote: words selected in a source, with their citation on the clipboard", async () => {
    await bench.open("seeds/004_d0ffb78fef87c962.txt");
    await bench.goto(10, 1);
    await bench.press("Home", "Shift+End");
    await bench.command("Glossator: Copy as Quotation with Citation");
    await bench.see(".part.statusbar", "is on the clipboard");
    const text = await clipboard();
    if (!/^“The Taliban sought to provide.*\[@suchkov2021, ¶ 8\]/s.test(text)) throw new Error(text);
    return text;
  });
  await step("quotation: a list says how the source goes on, and what is accepted has its citation", async () => {
    await bench.open(BRIEF);
    await bench.press("Control+End", "Enter", "Enter");
    await bench.type("For Moscow it remains “a better option ");
    const row = await bench.see(".suggest-widget.visible .monaco-list-row.focused", "for Moscow than getting militarily");
    // Tab would also take what stands behind the cursor.
    await bench.press("Enter");
    const whole = /remains “a better option for Moscow than getting militarily .* huge potential costs” ?✓? ?\[@suchkov2021.*, ¶ 11\]/;
    await bench.until("the whole quotation", async () => whole.test(await bench.shown()));
    await bench.command("File: Revert File");
    return row;
  });
  await step("ghost: a quotation that is begun is shown to its end, and taken with Tab", async () => {
    await bench.open(BRIEF);
    await bench.press("Control+End", "Enter", "Enter");
    await bench.type("They were “firmly determined to ward");
    const rest = await bench.see(".ghost-text, .ghost-text-decoration", "off the threat of ISIS");
    await shot("finish");
    await bench.press("Tab");
    await bench.until("the whole quotation", async () => /off the threat of ISIS in Afghanistan.*@suchkov2021/.test(await bench.shown()));
    await bench.command("File: Revert File");
    return rest;
  });
}

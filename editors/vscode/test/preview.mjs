// VS Code's Markdown preview: cards on citations, a mark on words that are not the source's, nothing from the network.

export async function previews({ bench, page, step, shot, place, BRIEF }) {
  // What a page asks of vscode-cdn.net is answered within the browser, by VS Code's own worker.
  const outside = [];
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && hostname !== "127.0.0.1" && !hostname.endsWith(".vscode-cdn.net")) outside.push(request.url());
  });
  const shown = bench.webview();

  await step("preview: a citation has the card of its source", async () => {
    await bench.closeAll();
    await bench.open(BRIEF);
    await bench.goto(...place("resolved", 2, "firmly "));
    await bench.press("Control+k", "v");
    const citation = shown.locator(".glossator-citation", { hasText: "Suchkov 2021" }).first();
    await citation.waitFor();
    const card = await citation.getAttribute("data-card");
    if (!card.includes("Maxim Suchkov\nMiddle East Institute")) throw new Error(card);
    await citation.hover();
    await shot("preview");
    const drawn = await citation.evaluate((element) => getComputedStyle(element, "::after").content);
    if (!drawn.includes("Maxim Suchkov")) throw new Error(`drawn: ${drawn}`);
  });
  await step("preview: citations read as they will, and the sources are listed", async () => {
    const page = await shown.locator(".markdown-body").innerText();
    for (const text of ["(Suchkov 2021, ¶ 8)", "References", "Kalinovsky, Artemy M. 2024. “Unbanning the Taliban", "The Insider, 29 April 2024."]) {
      if (!page.replace(/\s/g, " ").includes(text)) throw new Error(`no ${text} in:\n${page}`);
    }
    await shown.locator(".glossator-references").scrollIntoViewIfNeeded();
    await shot("preview-references");
    await shown.locator(".glossator-changed").first().scrollIntoViewIfNeeded();
  });
  await step("preview: a locator has its passage", async () => {
    const card = await shown.locator(".glossator-locator", { hasText: "¶ 8" }).first().getAttribute("data-card");
    if (!card.includes("reassurances")) throw new Error(card);
  });
  await step("preview: the word that is not the source’s is marked, and no other", async () => {
    const changed = await shown.locator(".glossator-changed").allInnerTexts();
    if (changed.join("|") !== "resolved") throw new Error(changed.join("|"));
    await shown.locator(".glossator-changed").hover();
    await shot("preview-misquote");
    return bench.until("an underline", () => shown.locator(".glossator-changed").evaluate((element) => getComputedStyle(element).textDecorationStyle));
  });
  await step("preview: follows the brief", async () => {
    const [line, column] = place("resolved", 0, "firmly ");
    await page.locator(".editor-group-container .tab", { hasText: "taliban-and-moscow.md" }).first().click();
    await bench.goto(line, column);
    await bench.press("Control+Shift+ArrowRight");
    await bench.type("determined ");
    await bench.until("no mark", async () => (await shown.locator(".glossator-changed").count()) === 0);
    await shown.locator(".glossator-quotation.glossator-verified", { hasText: "firmly determined to ward off" }).first().waitFor();
    await bench.command("File: Revert File");
    await shown.locator(".glossator-changed").first().waitFor();
    await bench.closeAll();
  });
  await step("network: nothing was asked of another host", async () => {
    if (outside.length > 0) throw new Error(outside.join("\n"));
  });
}

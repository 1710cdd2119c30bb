// node screenshots.mjs THEME OUT: pictures of VS Code over the invented example, for the README and the documentation; started by
// ../screenshots.sh. THEME is `light` or `dark`; wants PLAYWRIGHT, CODE_SERVER, VSIX and DESK as the test does.
import { createRequire } from "node:module";
import { join } from "node:path";

import { CodeServer } from "./test/code-server.mjs";
import { Workbench } from "./test/workbench.mjs";

const [theme, out] = process.argv.slice(2);
const { PLAYWRIGHT, CODE_SERVER, VSIX, DESK } = process.env;
const { chromium } = createRequire(join(PLAYWRIGHT, "package.json"))("playwright-core");

const server = new CodeServer(CODE_SERVER, {
  "workbench.colorTheme": theme === "light" ? "Default Light Modern" : "Default Dark Modern",
  "editor.minimap.enabled": false,
  "editor.wordWrap": "on",
  "editor.fontSize": 15,
  "breadcrumbs.enabled": false,
  "explorer.openEditors.visible": 0,
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.end();
    process.exit(1);
  });
}
let failed = false;
let page;
try {
  const url = await server.start(VSIX);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
  });
  page = await (await browser.newContext({ viewport: { width: 1100, height: 640 } })).newPage();
  const bench = new Workbench(page);
  const shot = async (name) => {
    if (name !== "card") await page.mouse.move(700, 560); // where no tip opens
    await page.waitForTimeout(1000);
    await page.screenshot({ path: join(out, `vscode-${name}-${theme}.png`) });
    console.log(`vscode-${name}-${theme}.png`);
  };
  await bench.start(url, DESK);
  await bench.open("brief.md");
  await bench.see("#glossator\\.glossator\\.glossator\\.status", "3 sources");
  await bench.see(".view-line", /allows\sit”\s*✗/);

  // VS Code shows what is new in the Explorer closed.
  await bench.command("Focus on Sources View");
  const list = page.locator(".pane:has(.pane-header[aria-label^='Sources']) .monaco-list-row");
  await list.nth(2).waitFor();
  await bench.command("View: Focus Active Editor Group");
  // A card: the pointer on the changed words.
  await bench.goto(8, 24);
  await bench.hover("Altered");
  await shot("card");
  await bench.press("Escape", "Escape");
  await bench.goto(1);
  await shot("sources");

  await bench.goto(13, 60);
  await bench.command("Glossator: Open Source Beside");
  await bench.activeTab("harbour-report.txt");
  await shot("beside");
  await bench.closeAll();

  await bench.open("brief.md");
  await bench.command("View: Close Primary Side Bar");
  await bench.command("Glossator: Show Review");
  await bench.webview().locator("body").filter({ hasText: "twice" }).waitFor();
  await shot("review");
  await bench.closeAll();

  await bench.command("Glossator: Show What Was Read and What Was Left Out");
  await bench.webview().locator("body").filter({ hasText: "What Glossator has read" }).waitFor();
  await shot("read");
  await bench.closeAll();

  await bench.open("brief.md");
  await bench.press("Control+End");
  await bench.press("Enter");
  await bench.type("The crew is not paid by the council. ");
  await bench.press("Escape", "Control+k", "q");
  await bench.see(".quick-input-title", "Insert Citation");
  await bench.quickRow("¶").waitFor();
  await shot("insert");
  await browser.close();
} catch (error) {
  console.error(error.message);
  await page?.screenshot({ path: join(out, `failed-${theme}.png`) });
  failed = true;
} finally {
  await server.remove();
}
process.exit(failed ? 1 : 0);

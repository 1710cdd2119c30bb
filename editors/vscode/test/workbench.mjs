// The VS Code workbench as a user has it: keys, the mouse and what stands on the screen. Knows nothing of citations.

/** A loaded machine has needed a minute for the workbench, and a debug build seconds for an answer. */
const START = 120_000;
const PATIENCE = 30_000;

const QUICK_INPUT = ".quick-input-widget input[type=text]";
const QUICK_ROWS = ".quick-input-list .monaco-list-row";

export class Workbench {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
  }

  /** Opens the workbench at `url` over `folder`. */
  async start(url, folder) {
    await this.page.goto(`${url}/?folder=${encodeURIComponent(folder)}`, { timeout: START });
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: START });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text, delay = 20) {
    await this.page.keyboard.type(text, { delay });
  }

  /** Waits until something matches `selector` and holds `text`; answers its text. */
  async see(selector, text) {
    const found = this.page.locator(`${selector}:visible`).filter({ hasText: text }).first();
    await found.waitFor();
    return flat(await found.innerText());
  }

  async gone(selector, text) {
    await this.page.locator(`${selector}:visible`).filter({ hasText: text }).first().waitFor({ state: "detached" });
  }

  async count(selector) {
    return this.page.locator(`${selector}:visible`).count();
  }

  /** The texts of all that match `selector`. */
  async texts(selector) {
    return (await this.page.locator(`${selector}:visible`).allInnerTexts()).map(flat);
  }

  /** Tries `look` until it answers something; then answers that. */
  async until(what, look) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const seen = await look();
      if (seen) return seen;
      if (Date.now() > end) throw new Error(`never seen: ${what}`);
      await this.page.waitForTimeout(100);
    }
  }

  // Quick input: files, commands, lists.

  async quickInput(text) {
    const box = this.page.locator(QUICK_INPUT);
    await box.waitFor();
    await box.fill(text);
    return box;
  }

  /** The row of the quick list that holds `text`, once it is there. */
  quickRow(text) {
    return this.page.locator(`${QUICK_ROWS}:visible`).filter({ hasText: text }).first();
  }

  async quickRows() {
    return this.texts(QUICK_ROWS);
  }

  async command(title) {
    await this.press("Escape", "F1");
    await this.quickInput(`>${title}`);
    await this.quickRow(title).click();
  }

  async open(path) {
    const name = path.split("/").at(-1);
    await this.press("Escape", "Control+p");
    await this.quickInput(path);
    await this.quickRow(name).waitFor();
    await this.page.waitForTimeout(300);
    await this.press("Enter");
    await this.activeTab(name);
    await this.page.locator(".editor-group-container.active .view-lines").first().waitFor();
  }

  // The editor.

  async closeAll() {
    await this.press("Escape", "Control+k", "Control+w");
    await this.page.locator(".editor-group-container .tab").first().waitFor({ state: "detached" });
  }

  activeTab(name) {
    return this.see(".editor-group-container.active .tab.active", name);
  }

  /** Line and column from 1. */
  async goto(line, column = 1) {
    await this.press("Escape", "Control+g");
    await this.quickInput(`:${line}:${column}`);
    await this.press("Enter");
    await this.at(line, column);
  }

  at(line, column) {
    const place = column === undefined ? `Ln ${line},` : `Ln ${line}, Col ${column}`;
    return this.see("#status\\.editor\\.selection", place);
  }

  /** What the hover at the cursor shows, once it holds `text`. */
  async hover(text) {
    await this.press("Control+k", "Control+i");
    const seen = await this.see(".monaco-hover .hover-contents", text);
    return seen;
  }

  /** The words that are shown in the editor, lines joined. */
  async shown() {
    return flat(await this.page.locator(".editor-group-container.active .view-lines").first().innerText());
  }

  /** Rows of the problems view. */
  async problems() {
    if ((await this.count(".markers-panel")) === 0) await this.press("Control+Shift+m");
    await this.page.locator(".markers-panel").first().waitFor();
    return this.texts(".markers-panel .monaco-list-row");
  }

  async closePanel() {
    if ((await this.count(".part.panel")) > 0) await this.press("Control+j");
  }

  /** The page that a webview shows, two frames down. */
  webview() {
    return this.page.frameLocator("iframe.webview.ready").last().frameLocator("iframe#active-frame");
  }
}

/** White space as single blanks: the editor writes no-break spaces. */
export function flat(text) {
  return text.replace(/\s+/gu, " ").trim();
}

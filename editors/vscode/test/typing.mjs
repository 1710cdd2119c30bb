// Typing at speed in a brief of 100 KB: no character is lost or out of place, and the list follows.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const FILE = "seeds/briefs/long.md";
const KEYSTROKES = 300;
const PAUSE_MS = 15;

/** What is typed: prose, quotations, citations with locators. No Enter, which would take a completion that is offered. */
const WORDS =
  "They said that the talk was “more about setting red lines, rather than exchanging promises” [@suchkov2021, ¶ 10], " +
  "and that the Kremlin “shows no eagerness to formally recognize them” [@tenzer2021, ¶ 6]; compare [@csactu2021, ¶ 8] " +
  "and (see below) the rest of it, however long it may be: 1, 2, 3; all of it typed at once. ";

/** Strikes a key every {@link PAUSE_MS}, whether the editor has shown the last one or not; answers when all were taken. */
async function atSpeed(page, text) {
  const strokes = [];
  const begin = Date.now();
  for (const [index, letter] of [...text].entries()) {
    await sleep(Math.max(0, begin + index * PAUSE_MS - Date.now()));
    strokes.push(page.keyboard.type(letter));
  }
  await Promise.all(strokes);
}

export async function typing({ bench, page, step, readBrief, STATUS, WORKSPACE }) {
  const read = () => readFileSync(join(WORKSPACE, FILE), "utf8");
  /** What is on disk once it is not `before` any more: the editor may still be busy with what was typed. */
  const saved = async (before) => {
    await bench.press("Escape", "Control+s");
    return bench.until("what was saved", () => read() !== before && read());
  };
  await step(`typing: ${KEYSTROKES} keystrokes at ${PAUSE_MS} ms in a brief of 100 KB arrive as typed`, async () => {
    const part = readBrief().replace(/^---[\s\S]*?\n---\n/, "");
    const parts = Array(Math.ceil(100_000 / Buffer.byteLength(part))).fill(part);
    const half = Math.floor(parts.length / 2);
    const before = parts.slice(0, half).join("\n");
    const after = parts.slice(half).join("\n");
    const whole = `${before}\n\n\n${after}`;
    writeFileSync(join(WORKSPACE, FILE), whole);
    await bench.open(FILE);
    await bench.see(STATUS, /\d\d findings/);
    await bench.goto(before.split("\n").length + 1, 1);
    const typed = WORDS.slice(0, KEYSTROKES);
    const begin = Date.now();
    await atSpeed(page, typed);
    const took = Date.now() - begin;
    const text = await saved(whole);
    if (text !== `${before}\n${typed}\n\n${after}`) {
      const line = text.split("\n")[before.split("\n").length];
      throw new Error(`typed: ${typed}\nthere: ${line}`);
    }
    return `${Math.round(text.length / 1024)} KB, ${took} ms for ${[...typed].length} keys`;
  });
  await step("typing: the list of keys opens behind it and follows what is typed", async () => {
    const before = read();
    const begin = Date.now();
    await atSpeed(page, " Once more [@s");
    await bench.see(".suggest-widget.visible .monaco-list-row", "suchkov2021");
    const opened = Date.now() - begin;
    await atSpeed(page, "uch");
    await bench.until("one row", async () => {
      const rows = await bench.texts(".suggest-widget.visible .monaco-list-row");
      return rows.length === 1 && rows[0].includes("suchkov2021");
    });
    await bench.press("Tab");
    const text = await saved(before);
    if (!text.includes(" Once more [@suchkov2021]\n")) throw new Error("not written");
    return `open ${opened} ms after the first of 14 keys`;
  });
}

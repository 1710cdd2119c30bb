// Where nobody writes from sources, and where there is no server.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export async function elsewhere({ bench, page, step, setting, STATUS, BRIEF, WORKSPACE, url }) {
  const plain = `${WORKSPACE}-plain`;
  await step("none: a message says what to do", async () => {
    await bench.open(BRIEF);
    setting("glossator.server.path", join(WORKSPACE, "nowhere/glossator"));
    const said = await bench.see(".notifications-toasts", "There is no program at");
    await bench.see(".notifications-toasts .monaco-button", "Open Settings");
    setting("glossator.server.path", "");
    await bench.see(STATUS, "5 sources");
    return said;
  });
  await step("idle: in a folder without a corpus nothing is started", async () => {
    mkdirSync(plain);
    writeFileSync(join(plain, "README.md"), "# A program\n\nSee [@nobody1999].\n");
    await bench.start(url, plain);
    await bench.open("README.md");
    // So long the bundled workspace takes at most until its item is there.
    await page.waitForTimeout(5000);
    if ((await bench.count(STATUS)) > 0) throw new Error(await bench.see(STATUS, ""));
  });
  await step("later: when a library comes the server is started", async () => {
    // VS Code's watcher has been seen to begin late, in its own explorer as well: what came before it is missed.
    let count = 0;
    return bench.until("the item", async () => {
      count += 1;
      writeFileSync(join(plain, `refs${count}.bib`), `@book{somebody${count}, title={Harbours}}\n`);
      await page.waitForTimeout(3000);
      return (await bench.count(STATUS)) > 0 && bench.see(STATUS, /\d source/);
    });
  });
}

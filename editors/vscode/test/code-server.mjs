// code-server with one package installed, in a folder of its own that goes again.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A quiet window: nothing that asks, updates or restores. */
const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.editor.enablePreview": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "files.hotExit": "off",
  "files.autoSave": "off",
  "window.restoreWindows": "none",
  // Asks before it opens an address, and shows it.
  "workbench.trustedDomains.promptInTrustedWorkspace": true,
  // Its findings must not be ours.
  "markdown.validate.enabled": true,
};

export class CodeServer {
  /** `program` starts it; `settings` are the user's, beside those of a quiet window. */
  constructor(program, settings = {}) {
    this.program = program;
    this.settings = { ...SETTINGS, ...settings };
    this.home = mkdtempSync(join(tmpdir(), "glossator-vscode-"));
    this.started = [];
  }

  /** Installs the package and starts; answers the address. */
  async start(vsix) {
    const port = await freePort();
    mkdirSync(join(this.home, "user/User"), { recursive: true });
    writeFileSync(join(this.home, "user/User/settings.json"), JSON.stringify(this.settings));
    writeFileSync(join(this.home, "config.yaml"), `bind-addr: 127.0.0.1:${port}\nauth: none\ncert: false\n`);
    const install = this.run(["--install-extension", vsix], ["ignore", "ignore", "inherit"]);
    const code = await new Promise((resolve) => install.on("exit", resolve));
    if (code !== 0) throw new Error("the package could not be installed");

    this.run(["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"], "ignore");
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 300; tries += 1) {
      if (await fetch(`${url}/healthz`).then((answer) => answer.ok, () => false)) return url;
      await sleep(200);
    }
    throw new Error("code-server did not start");
  }

  run(more, stdio) {
    const folders = ["--config", "config.yaml", "--user-data-dir", "user", "--extensions-dir", "extensions"];
    const child = spawn(this.program, [...folders, ...more], { cwd: this.home, stdio, detached: true });
    this.started.push(child);
    return child;
  }

  /** Changes a setting of this machine, which no workspace can, while VS Code runs. */
  setting(name, value) {
    mkdirSync(join(this.home, "user/Machine"), { recursive: true });
    writeFileSync(join(this.home, "user/Machine/settings.json"), JSON.stringify({ [name]: value }));
  }

  /** Ends code-server with its group: its own children, our server among them, outlive it by seconds. */
  end() {
    for (const child of this.started) {
      try {
        process.kill(-child.pid);
      } catch {
        // Gone already.
      }
    }
  }

  async remove() {
    this.end();
    await sleep(500);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

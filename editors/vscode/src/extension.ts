// Starts `glossator serve` for Markdown and Quarto files and restarts it on command.
// It must not know what a citation is: all answers come from the server.

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import * as path from "node:path";
import {
  commands,
  env,
  type ExtensionContext,
  languages,
  type LanguageStatusItem,
  LanguageStatusSeverity,
  Uri,
  window,
  workspace,
} from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, State } from "vscode-languageclient/node";

const SETTING = "glossator.server.path";
const INSTALL_URL = "https://docs.rs/glossator";

let client: LanguageClient | undefined;
let status: LanguageStatusItem | undefined;
// Starts and stops run one after the other: two quick restarts must not leave two servers.
let queue: Promise<void> = Promise.resolve();

async function isProgram(file: string): Promise<boolean> {
  try {
    // On Windows X_OK only asks whether the file is there, which is all that can be asked.
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The program on PATH, as an absolute path. Relative PATH entries are passed over: they would run what lies in the workspace. */
async function onPath(): Promise<string | undefined> {
  const name = process.platform === "win32" ? "glossator.exe" : "glossator";
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

/** The server's path, or what to tell the user. */
async function findServer(): Promise<{ command: string } | { problem: string }> {
  const set = workspace.getConfiguration().get<string>(SETTING, "").trim();
  if (set !== "") {
    if (!path.isAbsolute(set)) {
      return { problem: `Glossator: the setting "${SETTING}" must be an absolute path; it is "${set}".` };
    }
    if (await isProgram(set)) return { command: set };
    return { problem: `Glossator: no program at "${set}". Correct the setting "${SETTING}", or empty it to search PATH.` };
  }
  const found = await onPath();
  if (found !== undefined) return { command: found };
  return {
    problem:
      'Glossator: the server "glossator" is not on PATH. Install it with "cargo install --path ." in a clone of Glossator ' +
      `and restart VS Code, or give its path in the setting "${SETTING}".`,
  };
}

/** The settings that are the server's: it would warn about `server` and `trace`, which are this extension's own. */
function serverSettings(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null) return settings;
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== "server" && key !== "trace"));
}

async function complain(problem: string): Promise<void> {
  const settings = "Open Settings";
  const help = "How to Install";
  const chosen = await window.showErrorMessage(problem, settings, help);
  if (chosen === settings) await commands.executeCommand("workbench.action.openSettings", SETTING);
  if (chosen === help) await env.openExternal(Uri.parse(INSTALL_URL));
}

/** Says in the language status of a brief how the server is and how many findings this brief has. */
function showStatus(): void {
  if (status === undefined) return;
  const running = client?.state === State.Running;
  status.busy = client?.state === State.Starting;
  status.severity = running || status.busy ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Error;
  status.command = running
    ? { command: "glossator.showLog", title: "Show Log" }
    : { command: "glossator.restart", title: "Restart Server" };
  const brief = window.activeTextEditor?.document.uri;
  if (!running || brief === undefined) {
    status.text = running ? "Glossator" : status.busy ? "Glossator: starting" : "Glossator: no server";
    return;
  }
  const findings = languages.getDiagnostics(brief).filter((finding) => finding.source === "glossator").length;
  status.text = `Glossator: ${findings === 1 ? "1 finding" : `${findings === 0 ? "no" : findings} findings`}`;
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  try {
    await old?.dispose();
  } catch {
    // A server that has died already cannot answer `shutdown`; there is nothing left to stop.
  }
}

async function start(): Promise<void> {
  await stop();
  const server = await findServer();
  showStatus();
  if ("problem" in server) {
    void complain(server.problem);
    return;
  }
  const serverOptions: ServerOptions = { command: server.command, args: ["serve"] };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "markdown" },
      { scheme: "untitled", language: "markdown" },
      { scheme: "file", language: "quarto" },
    ],
    middleware: {
      workspace: {
        configuration: async (params, token, next) => {
          const answers = await next(params, token);
          if (!Array.isArray(answers)) return answers;
          return answers.map((answer: unknown, index) =>
            params.items[index]?.section === "glossator" ? serverSettings(answer) : answer,
          );
        },
      },
    },
  };
  const started = new LanguageClient("glossator", "Glossator", serverOptions, clientOptions);
  client = started;
  started.onDidChangeState(showStatus);
  try {
    await started.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void complain(`Glossator: "${server.command}" did not start: ${reason}`);
  }
}

function inTurn(step: () => Promise<void>): Promise<void> {
  queue = queue.then(step, step);
  return queue;
}

async function showLog(): Promise<void> {
  if (client !== undefined) {
    client.outputChannel.show();
    return;
  }
  const server = await findServer();
  void complain("problem" in server ? server.problem : "Glossator: no server is running, so there is no log.");
}

export async function activate(context: ExtensionContext): Promise<void> {
  status = languages.createLanguageStatusItem("glossator", [{ language: "markdown" }, { language: "quarto" }]);
  status.name = "Glossator";
  context.subscriptions.push(
    status,
    window.onDidChangeActiveTextEditor(showStatus),
    languages.onDidChangeDiagnostics(showStatus),
    commands.registerCommand("glossator.showLog", showLog),
    commands.registerCommand("glossator.restart", () => inTurn(start)),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTING)) void inTurn(start);
    }),
  );
  await inTurn(start);
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

// Starts `glossator serve` where briefs are written, and adds what VS Code can show of it.

import { commands, type ExtensionContext, type TextDocument, window, workspace } from "vscode";
import { insertCitation } from "./cite";
import { verifyWorkspace } from "./check";
import { enabled, isNear } from "./corpus";
import { Preview } from "./preview";
import { SETTING } from "./program";
import { Report } from "./report";
import { Review } from "./review";
import { Server } from "./server";
import { OUTSIDE } from "./settings";
import { openOriginal, openSourceBeside, quotePassage } from "./source";
import { Sources } from "./sources";
import { showStatus } from "./status";

let server: Server | undefined;

export function activate(context: ExtensionContext) {
  const running = new Server(context);
  server = running;
  const report = new Report(running);
  const preview = new Preview(running);
  const review = new Review(running);
  const sources = new Sources(running);
  const command = (name: string, run: () => unknown) =>
    commands.registerCommand(name, async () => {
      if (await running.running()) await run();
    });
  context.subscriptions.push(
    running,
    report,
    preview,
    review,
    sources,
    showStatus(running),
    // What the menus of the editor go by.
    running.onDidChange(() => void commands.executeCommand("setContext", "glossator.running", running.health !== "stopped")),
    command("glossator.insertCitation", () => insertCitation(running)),
    command("glossator.openSourceBeside", () => openSourceBeside(running)),
    command("glossator.openOriginal", () => openOriginal(running)),
    command("glossator.quotePassage", () => quotePassage(running)),
    command("glossator.verifyWorkspace", () => verifyWorkspace(running)),
    command("glossator.showReview", () => review.show()),
    command("glossator.openReview", () => review.open()),
    command("glossator.showIndexed", () => report.show()),
    commands.registerCommand("glossator.openSource", (key: unknown) => sources.open(key)),
    commands.registerCommand("glossator.showLog", () => running.log.show()),
    commands.registerCommand("glossator.restart", () => running.start()),
    workspace.onDidChangeConfiguration((change) => {
      const restarts = change.affectsConfiguration(SETTING) || change.affectsConfiguration(OUTSIDE);
      if (restarts && running.isWanted) void running.start();
      if (change.affectsConfiguration("glossator.enable")) void decide(running);
    }),
    workspace.onDidOpenTextDocument((document) => {
      if (isMarkdown(document)) void decide(running);
    }),
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isMarkdown(editor.document)) void decide(running);
    }),
    workspace.onDidChangeWorkspaceFolders(() => void decide(running)),
    // A library that was not there when the brief was opened.
    ...["**/glossator.toml", "**/*.bib"].map((pattern) => watchFor(pattern, running)),
  );
  void decide(running);
  // VS Code's Markdown preview takes its plugins from here, and waits for it: nothing above was waited for.
  return { extendMarkdownIt: preview.extend };
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

/** Starts the server where it is wanted and does not run, and stops it where it is not wanted. */
async function decide(running: Server): Promise<void> {
  const choice = enabled();
  if (choice === "off") {
    if (running.isWanted) await running.stop();
    return;
  }
  if (running.isWanted) return;
  if (choice === "on" || (await isNear(workspace.textDocuments.filter(isMarkdown)))) {
    if (!running.isWanted) await running.start();
  }
}

function watchFor(pattern: string, running: Server) {
  const watcher = workspace.createFileSystemWatcher(pattern, false, true, true);
  watcher.onDidCreate(() => {
    if (window.visibleTextEditors.some((editor) => isMarkdown(editor.document))) void decide(running);
  });
  return watcher;
}

function isMarkdown(document: TextDocument): boolean {
  return ["markdown", "quarto", "rmd"].includes(document.languageId);
}

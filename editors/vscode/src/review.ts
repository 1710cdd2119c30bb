// The review of a brief: each quotation beside its passage, in a view of the editor or, to print it, in the browser.

import { ColorThemeKind, Disposable, ViewColumn, type WebviewPanel, window } from "vscode";
import type { Review as Answer } from "./answers";
import type { Server } from "./server";

export class Review implements Disposable {
  private panel: WebviewPanel | undefined;

  constructor(private readonly server: Server) {}

  async show(): Promise<void> {
    const answer = await this.server.ask<Answer>("glossator.review", { ...asked(), html: true });
    if (answer?.html === undefined) return missing();
    if (this.panel === undefined) {
      // The page has no script. What is ticked stays while another tab is in front.
      const options = { enableScripts: false, retainContextWhenHidden: true, enableFindWidget: true };
      const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      this.panel = window.createWebviewPanel("glossator.review", "Review", column, options);
      this.panel.onDidDispose(() => (this.panel = undefined));
    }
    this.panel.title = `Review: ${answer.title ?? ""}`;
    this.panel.webview.html = themed(answer.html);
    this.panel.reveal(undefined, true);
  }

  async open(): Promise<void> {
    if ((await this.server.ask<Answer>("glossator.review", asked())) === undefined) missing();
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

/** The brief in front; without one, all briefs. */
function asked() {
  const document = window.activeTextEditor?.document;
  const isBrief = document !== undefined && ["markdown", "quarto", "rmd"].includes(document.languageId);
  return isBrief ? { textDocument: { uri: document.uri.toString() } } : {};
}

function missing(): void {
  void window.showInformationMessage("Glossator: no brief to review. Open a Markdown file that cites a source.");
}

/** The page in the editor's own brightness, which need not be that of the system. */
function themed(html: string): string {
  const { kind } = window.activeColorTheme;
  const scheme = kind === ColorThemeKind.Dark || kind === ColorThemeKind.HighContrast ? "dark" : "light";
  return html.replace('<html lang="en">', `<html lang="en" style="color-scheme: ${scheme}">`);
}

// VS Code's Markdown preview: a citation reads as author and date and shows its card, an altered quotation is marked, the
// sources are listed. The plugin is asked while a
// page is being rendered and can't wait, so what the server said is kept for each brief; when it says something else the
// preview is rendered again.

import { commands, Disposable, languages, Uri, workspace } from "vscode";
import type { Marks } from "./answers";
import { type Engine, install } from "./marks";
import type { Server } from "./server";

/** So long nothing is typed before the server is asked again. */
const QUIET_MS = 250;

/** VS Code drops the order to render again while it waits to render for another reason (0.3 s). */
const AGAIN_MS = 400;
const TRIES = 5;

/** What is rendered while a preview is still being opened is lost: a new one is rendered again after these waits. */
const OPENING_MS = [1_000, 3_000, 9_000];

const NOTHING: Marks = { marks: [], references: [] };

/** What the server said of a brief, and with what it was last rendered. */
interface Known {
  marks: Marks;
  as: string;
  rendered: string;
  /** Whether the preview may still be opening. */
  isNew: boolean;
}

export class Preview implements Disposable {
  private readonly known = new Map<string, Known>();
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly registered: Disposable;

  constructor(private readonly server: Server) {
    this.registered = Disposable.from(
      workspace.onDidChangeTextDocument(({ document }) => this.mayHaveChanged(document.uri)),
      languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.mayHaveChanged(uri))),
      server.onDidChange(() => [...this.known.keys()].forEach((uri) => this.ask(uri))),
      workspace.onDidCloseTextDocument(({ uri }) => this.known.delete(uri.toString())),
    );
  }

  /** The plugin for the preview's Markdown engine. */
  readonly extend = (engine: Engine): Engine => install(engine, (uri) => this.marksOf(uri));

  dispose(): void {
    this.registered.dispose();
    for (const timer of this.waiting.values()) clearTimeout(timer);
  }

  private marksOf(uri: Uri): Marks {
    const key = uri.toString();
    const found = this.known.get(key);
    if (found === undefined) {
      const nothing = JSON.stringify(NOTHING);
      this.known.set(key, { marks: NOTHING, as: nothing, rendered: nothing, isNew: true });
      this.ask(key);
      return NOTHING;
    }
    found.rendered = found.as;
    return found.marks;
  }

  private mayHaveChanged(uri: Uri): void {
    if (this.known.has(uri.toString())) this.ask(uri.toString());
  }

  private ask(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    this.waiting.set(uri, setTimeout(() => void this.refresh(uri), QUIET_MS));
  }

  private async refresh(uri: string): Promise<void> {
    this.waiting.delete(uri);
    const answer = await this.server.ask<Marks>("glossator.preview", { textDocument: { uri } });
    const known = this.known.get(uri);
    if (known === undefined) return;
    known.marks = answer ?? NOTHING;
    known.as = JSON.stringify(known.marks);
    for (let tries = 0; tries < TRIES && known.rendered !== known.as; tries += 1) {
      await commands.executeCommand("markdown.preview.refresh");
      await wait(AGAIN_MS);
    }
    if (!known.isNew || known.marks.marks.length === 0) return;
    known.isNew = false;
    for (const pause of OPENING_MS) {
      await wait(pause);
      if (this.known.get(uri) === known) await commands.executeCommand("markdown.preview.refresh");
    }
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Whether a folder looks as if briefs were written there: only then is a server started. A cheap look at names; what
// belongs to the corpus is the server's to say.

import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { type TextDocument, workspace } from "vscode";

/** `glossator.enable`. */
export type Enable = "auto" | "on" | "off";

export function enabled(): Enable {
  return workspace.getConfiguration("glossator").get<Enable>("enable", "auto");
}

const SETTINGS = "glossator.toml";
const LIBRARY = /^.+\.bib$|^(library|references|bibliography)\.(json|ya?ml)$/;
const SOURCES = new Set(["sources", "corpus", "seeds"]);

/** Below a workspace folder the look goes this deep, and into so many folders in all: a library often lies one or two
 * folders down, and a source tree of 100,000 folders must not be walked for a README. */
const DEPTH = 2;
const FOLDERS = 200;

/** Whether a corpus or library is near: in the workspace's folders, above them, or above `documents`. */
export async function isNear(documents: readonly TextDocument[]): Promise<boolean> {
  const roots = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  for (const root of roots) {
    if (await below(root.uri.fsPath)) return true;
    if (await above(path.dirname(root.uri.fsPath))) return true;
  }
  for (const document of documents) {
    if (namesLibrary(document)) return true;
    if (document.uri.scheme === "file" && (await above(path.dirname(document.uri.fsPath)))) return true;
  }
  return false;
}

/** Whether the front matter of a brief names a library, as Pandoc reads it. */
function namesLibrary(document: TextDocument): boolean {
  if (document.lineCount < 2 || document.lineAt(0).text.trimEnd() !== "---") return false;
  for (let line = 1; line < Math.min(document.lineCount, 100); line += 1) {
    const text = document.lineAt(line).text;
    if (/^(---|\.\.\.)\s*$/.test(text)) return false;
    if (/^bibliography\s*:/.test(text)) return true;
  }
  return false;
}

async function below(root: string): Promise<boolean> {
  let level = [root];
  let left = FOLDERS;
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (left-- <= 0) return false;
      for (const entry of await list(folder)) {
        if (entry.isDirectory()) {
          if (depth === 0 && SOURCES.has(entry.name)) return true;
          if (!entry.name.startsWith(".") && entry.name !== "node_modules" && entry.name !== "target") {
            next.push(path.join(folder, entry.name));
          }
        } else if (entry.name === SETTINGS || LIBRARY.test(entry.name)) {
          return true;
        }
      }
    }
    level = next;
  }
  return false;
}

async function above(folder: string): Promise<boolean> {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((await list(at)).some((entry) => entry.isFile() && (entry.name === SETTINGS || LIBRARY.test(entry.name)))) return true;
    if (path.dirname(at) === at) return false;
  }
}

async function list(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

// Which program is the server: the setting, then the one in this package, then PATH.

import { constants } from "node:fs";
import { access, chmod, stat } from "node:fs/promises";
import * as path from "node:path";
import { type Uri, workspace } from "vscode";

/** Its value decides alone when there is one. The scope is "machine": a workspace can't set it. */
export const SETTING = "glossator.server.path";

const NAME = process.platform === "win32" ? "glossator.exe" : "glossator";

/** A program that can be started, or what to tell the user. */
export type Program = { command: string; origin: "setting" | "package" | "PATH" } | { problem: string };

/** Looks for the server on this machine. */
export async function findProgram(extension: Uri): Promise<Program> {
  const set = workspace.getConfiguration().get<string>(SETTING, "").trim();
  if (set !== "") {
    if (!path.isAbsolute(set)) {
      return { problem: `The setting "${SETTING}" must be an absolute path; it is "${set}".` };
    }
    if (await isProgram(set)) return { command: set, origin: "setting" };
    return { problem: `There is no program at "${set}". Correct the setting "${SETTING}", or empty it.` };
  }
  const own = path.join(extension.fsPath, "server", NAME);
  if ((await isFile(own)) && (await madeExecutable(own))) return { command: own, origin: "package" };
  const found = await onPath();
  if (found !== undefined) return { command: found, origin: "PATH" };
  return {
    problem:
      'There is no server: this package holds none, and "glossator" is not on PATH. Install the package for your system, ' +
      `or the server with "cargo install --profile dist --path ." in a clone of Glossator and restart VS Code, or give its path in "${SETTING}".`,
  };
}

/** As an absolute path. Relative entries of PATH are passed over: they would run what lies in the workspace. */
async function onPath(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, NAME);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function isProgram(file: string): Promise<boolean> {
  try {
    // On Windows X_OK only asks whether the file is there, which is all that can be asked.
    await access(file, constants.X_OK);
  } catch {
    return false;
  }
  return isFile(file);
}

/** A package that was unpacked on its way here may have lost the mark of a program. */
async function madeExecutable(file: string): Promise<boolean> {
  if (await isProgram(file)) return true;
  try {
    await chmod(file, 0o755);
  } catch {
    return false;
  }
  return isProgram(file);
}

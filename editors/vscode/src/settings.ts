// The settings that the server is sent: those that the user has set, and no others. All that it is sent wins over
// glossator.toml, so the defaults that VS Code keeps of a setting must stay here.

import { extensions, type Uri, workspace } from "vscode";

/** Settings of this extension alone, which the server does not know. */
const OURS = new Set(["glossator.enable", "glossator.server.path", "glossator.trace.server"]);

/** Takes effect when the server starts: it is not asked for later, when the answer may be a workspace's. */
export const OUTSIDE = "glossator.corpus.outside";

/** What is set under `glossator`, in the shape of glossator.toml. */
export function serverSettings(extension: string, scope: Uri | undefined): Record<string, Record<string, unknown>> {
  const configuration = workspace.getConfiguration(undefined, scope);
  const set: Record<string, Record<string, unknown>> = {};
  for (const name of contributed(extension)) {
    if (OURS.has(name)) continue;
    const [, section, key] = name.split(".");
    const found = configuration.inspect(name);
    // What may be read outside of a folder is not the folder's to say.
    const value = name === OUTSIDE ? found?.globalValue : found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
    if (section === undefined || key === undefined || value === undefined || value === null) continue;
    (set[section] ??= {})[key] = value;
  }
  return set;
}

function contributed(extension: string): string[] {
  const manifest: { contributes?: { configuration?: { properties?: object }[] } } | undefined =
    extensions.getExtension(extension)?.packageJSON;
  return (manifest?.contributes?.configuration ?? []).flatMap((section) => Object.keys(section.properties ?? {}));
}

// Verify all quotations of the workspace: the server checks every brief, also those that are not open, and the
// findings are read in the problems view.

import { commands, ProgressLocation, window } from "vscode";
import type { Checked } from "./answers";
import type { Server } from "./server";

export async function verifyWorkspace(server: Server): Promise<void> {
  const progress = { location: ProgressLocation.Window, title: "Glossator checks all briefs" };
  const answer = await window.withProgress(progress, () => server.ask<Checked>("glossator.check", {}));
  if (answer === undefined) {
    void window.showErrorMessage("Glossator: the briefs could not be checked; the log says why.");
    return;
  }
  const briefs = answer.briefs === 1 ? "one brief" : `${answer.briefs} briefs`;
  if (answer.findings === 0) {
    void window.showInformationMessage(`Glossator: no findings in ${briefs}.`);
    return;
  }
  await commands.executeCommand("workbench.actions.view.problems");
  const findings = answer.findings === 1 ? "one finding" : `${answer.findings} findings`;
  void window.showInformationMessage(`Glossator: ${findings} in ${briefs}.`);
}

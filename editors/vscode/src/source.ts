// From a brief to its source and back: the source beside the brief at the passage, and words of a source as a
// quotation for the clipboard.

import { env, type Location as Place, type LocationLink, Uri, ViewColumn, window } from "vscode";
import { DefinitionRequest } from "vscode-languageclient/node";
import type { Original, Quote } from "./answers";
import type { Server } from "./server";

export async function openSourceBeside(server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  const client = server.protocol;
  if (editor === undefined || client === undefined) return;
  const question = client.code2ProtocolConverter.asTextDocumentPositionParams(editor.document, editor.selection.active);
  const answer = await client.sendRequest(DefinitionRequest.type, question);
  const found = await client.protocol2CodeConverter.asDefinitionResult(answer ?? undefined);
  const first: Place | LocationLink | undefined = Array.isArray(found) ? found[0] : (found ?? undefined);
  if (first === undefined) {
    void window.showInformationMessage("Glossator: no source here. Put the cursor on a citation, a locator or a quotation.");
    return;
  }
  const isLink = "targetUri" in first;
  const uri: Uri = isLink ? first.targetUri : first.uri;
  const selection = isLink ? (first.targetSelectionRange ?? first.targetRange) : first.range;
  await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside, selection });
}

/** The selection in the active editor, as the server's commands take it. */
function selected(server: Server) {
  const editor = window.activeTextEditor;
  const client = server.protocol;
  if (editor === undefined || client === undefined) return undefined;
  return {
    textDocument: { uri: editor.document.uri.toString() },
    range: client.code2ProtocolConverter.asRange(editor.selection),
  };
}

/** Opens the PDF or other document that is cited or shown at the cursor in its own program. */
export async function openOriginal(server: Server): Promise<void> {
  const asked = selected(server);
  if (asked === undefined) return;
  const answer = await server.ask<Original>("glossator.open", asked);
  if (answer === undefined) {
    void window.showInformationMessage("Glossator: no PDF or other document here. Put the cursor on a citation or a quotation from one.");
  }
}

export async function quotePassage(server: Server): Promise<void> {
  const asked = selected(server);
  if (asked === undefined) return;
  const answer = await server.ask<Quote>("glossator.quote", asked);
  if (answer === undefined || answer.text === "") {
    void window.showInformationMessage("Glossator: nothing to quote here. Select words of a passage in a source.");
    return;
  }
  await env.clipboard.writeText(answer.text);
  window.setStatusBarMessage("$(check) Glossator: the quotation with its citation is on the clipboard", 4000);
  if (typeof answer.furniture === "string") {
    void window.showInformationMessage(`Glossator: copied, but these words are no part of the argument: ${answer.furniture}.`);
  }
}

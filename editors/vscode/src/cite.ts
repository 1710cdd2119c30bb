// Insert a citation: a list of sources and passages that the server finds for what is typed, or for the sentence at
// the cursor while nothing is. Nobody has to know a key.

import { type QuickInputButton, type QuickPickItem, Range, ThemeIcon, Uri, ViewColumn, window } from "vscode";
import type { SourceItem, Sources, SourcesQuestion } from "./answers";
import type { Server } from "./server";

interface Choice extends QuickPickItem {
  source: SourceItem;
}

const LOOK: QuickInputButton = { iconPath: new ThemeIcon("open-preview"), tooltip: "Show it in its source" };

export async function insertCitation(server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined || !["markdown", "quarto", "rmd"].includes(editor.document.languageId)) {
    void window.showInformationMessage("Glossator: open a brief and put the cursor where the citation belongs.");
    return;
  }
  const chosen = await choose(server, {
    textDocument: { uri: editor.document.uri.toString() },
    position: server.protocol?.code2ProtocolConverter.asPosition(editor.selection.end),
  });
  if (chosen === undefined) return;
  // Another editor may have been looked at meanwhile; the cursor of this one counts.
  const shown = await window.showTextDocument(editor.document, { viewColumn: editor.viewColumn });
  const at = shown.selection.end;
  await shown.edit((edit) => edit.insert(at, chosen.insert));
}

function choose(server: Server, place: Omit<SourcesQuestion, "query">): Promise<SourceItem | undefined> {
  const pick = window.createQuickPick<Choice>();
  pick.title = "Insert Citation";
  pick.placeholder = "Author, title, key or words of a passage; empty: what fits the sentence";
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  // The source can be looked at without losing the list.
  pick.ignoreFocusOut = true;
  let asked = 0;
  const ask = async () => {
    const turn = ++asked;
    pick.busy = true;
    const question: SourcesQuestion = { query: pick.value, ...place };
    const answer = await server.ask<Sources>("glossator.sources", question);
    if (turn !== asked) return;
    pick.busy = false;
    pick.items = (answer?.items ?? []).map(asChoice);
  };
  return new Promise((resolve) => {
    pick.onDidChangeValue(ask);
    pick.onDidTriggerItemButton(({ item }) => void look(item.source));
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen === undefined) return;
      resolve(chosen.source);
      pick.hide();
    });
    pick.onDidHide(() => {
      asked += 1;
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    void ask();
  });
}

function asChoice(source: SourceItem): Choice {
  return {
    label: source.label,
    description: source.detail,
    detail: source.preview,
    // What fits is the server's to say: it also finds what holds the words in another form.
    alwaysShow: true,
    buttons: source.uri === null ? [] : [LOOK],
    source,
  };
}

async function look({ uri, range }: SourceItem): Promise<void> {
  if (uri === null) return;
  const selection =
    range === null
      ? undefined
      : new Range(range.start.line, range.start.character, range.end.line, range.end.character);
  await window.showTextDocument(Uri.parse(uri), { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true, selection });
}

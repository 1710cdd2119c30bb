// The view "Sources" in the Explorer: what can be cited here, how often it is, and what could not be read.

import {
  Disposable,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
  window,
  workspace,
} from "vscode";
import type { Source, Status } from "./answers";
import type { Server } from "./server";

/** Findings are asked for of one file after the other; one question after the last of them is enough. In milliseconds. */
const QUIET = 500;

type Row = Source | { more: number };

export class Sources implements TreeDataProvider<Row>, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: TreeView<Row>;
  private readonly registered: Disposable;
  private status: Status | undefined;
  private asked = 0;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly server: Server) {
    this.view = window.createTreeView<Row>("glossator.sources", { treeDataProvider: this });
    this.registered = Disposable.from(
      this.view,
      this.view.onDidChangeVisibility(() => this.soon()),
      server.onDidChange(() => this.soon()),
      server.onDidAskForFindings(() => this.soon()),
    );
  }

  getChildren(row?: Row): Row[] {
    if (row !== undefined || this.status === undefined) return [];
    const list = this.status.list ?? [];
    const more = this.status.sources - list.length;
    return more > 0 ? [...list, { more }] : list;
  }

  getTreeItem(row: Row): TreeItem {
    if ("more" in row) return new TreeItem(`and ${row.more} more`);
    const item = new TreeItem(clipped(row.title ?? row.key));
    item.id = row.key;
    item.description = brief(row).join(" · ");
    item.iconPath =
      row.unread === null
        ? new ThemeIcon(row.cited > 0 ? "quote" : "file")
        : new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
    item.tooltip = tooltip(row);
    item.accessibilityInformation = { label: `${row.title ?? row.key}, ${counts(row).join(", ")}` };
    item.command = { command: "glossator.openSource", title: "Open the Source", arguments: [row.key] };
    return item;
  }

  /** Shows the text of the source with this key, or its library entry. */
  async open(key: unknown): Promise<void> {
    if (typeof key !== "string") return;
    // The server itself asks for the place to be shown.
    const answer = await this.server.ask<object>("glossator.show", { key });
    if (answer !== undefined) return;
    const unread = this.status?.list?.find((source) => source.key === key)?.unread;
    void window.showInformationMessage(`Glossator: ${key} cannot be shown${unread ? `: ${unread}` : ""}.`);
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.registered.dispose();
    this.changed.dispose();
  }

  private soon(): void {
    clearTimeout(this.waiting);
    if (this.view.visible) this.waiting = setTimeout(() => void this.refresh(), QUIET);
  }

  private async refresh(): Promise<void> {
    const turn = ++this.asked;
    const answer = await this.server.ask<Status>("glossator.status", { list: true });
    if (turn !== this.asked) return;
    // An unchanged list keeps its selection and does not flicker.
    if (JSON.stringify(answer?.list) === JSON.stringify(this.status?.list)) return;
    this.status = answer;
    const unread = answer?.list?.filter((source) => source.unread !== null).length ?? 0;
    this.view.description = unread > 0 ? `${unread} not read` : undefined;
    this.changed.fire();
  }
}

/** A side bar is narrow: what does not fit of a title is in the tooltip. In characters. */
const TITLE = 20;

function clipped(title: string): string {
  const letters = [...title];
  return letters.length > TITLE ? `${letters.slice(0, TITLE - 1).join("").trimEnd()}…` : title;
}

/** What stands behind the title, the shortest first. */
function brief({ key, title, passages, cited, unread }: Source): string[] {
  const read = unread === null ? `${passages ?? 0} ¶` : "not read";
  return [read, cited === 0 ? "not cited" : `cited ${cited}×`, ...(title === null ? [] : [key])];
}

function counts({ passages, cited, unread }: Source): string[] {
  const times = cited === 0 ? "not cited" : cited === 1 ? "cited once" : `cited ${cited} times`;
  if (unread !== null) return ["not read", times];
  return [passages === 1 ? "1 passage" : `${passages ?? 0} passages`, times];
}

function tooltip(source: Source): MarkdownString {
  const said = new MarkdownString();
  const line = (text: string) => said.appendText(text).appendMarkdown("\n\n");
  line(source.title ?? source.key);
  line(`@${source.key} · ${counts(source).join(" · ")}`);
  if (source.unread !== null) line(`Not read: ${source.unread}`);
  if (source.path !== null) line(workspace.asRelativePath(source.path));
  line(source.entry === null ? "No library entry" : `Entry in ${workspace.asRelativePath(source.entry)}`);
  return said;
}

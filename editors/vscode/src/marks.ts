// Puts marks into a rendered brief, citations as they will read, and the list of references at its end. Knows the part of
// markdown-it that it needs, and nothing of the server.

import { Uri } from "vscode";
import type { Mark, Marks, Reference } from "./answers";

/** As much of markdown-it's token as is used. */
interface Token {
  type: string;
  content: string;
  map: [number, number] | null;
  children: Token[] | null;
  attrSet(name: string, value: string): void;
}

type Make = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

type Render = (tokens: Token[], options: unknown, env?: { currentDocument?: { toString(): string } }) => string;

/** As much of markdown-it as is used. */
export interface Engine {
  renderer: { render: Render };
}

/** Has `engine` ask `marksOf` for each document that it renders. Not while it parses: VS Code parses without saying
 * which document it is, and keeps what was parsed. */
export function install(engine: Engine, marksOf: (uri: Uri) => Marks): Engine {
  const render: Render = engine.renderer.render.bind(engine.renderer);
  engine.renderer.render = (tokens, options, env) => {
    const document = env?.currentDocument;
    if (document === undefined) return render(tokens, options, env);
    const { marks, references } = marksOf(Uri.parse(document.toString()));
    return render(marks.length > 0 ? marked(tokens, marks) : tokens, options, env) + listOf(references);
  };
  return engine;
}

/** `tokens` with the marks put in; those that were handed in stay as they are. */
function marked(tokens: Token[], marks: Mark[]): Token[] {
  let next = 0;
  return tokens.map((block) => {
    if (block.type !== "inline" || block.children === null || block.map === null) return block;
    const [from, to] = block.map;
    while (next < marks.length && marks[next]!.line < from) next += 1;
    let end = next;
    while (end < marks.length && marks[end]!.line < to) end += 1;
    // `next` stays: the cells of a table's row share its line, and each is looked through for all of it.
    if (end === next) return block;
    const copy: Token = Object.assign(Object.create(Object.getPrototypeOf(block)), block);
    copy.children = inBlock(block.constructor as Make, block.children, marks.slice(next, end));
    return copy;
  });
}

/** The list of references, as HTML. */
function listOf(references: Reference[]): string {
  if (references.length === 0) return "";
  const line = ({ text, url }: Reference) =>
    `<p>${escape(text)}${url === null ? "" : ` <a href="${escape(url)}">${escape(url)}</a>`}</p>`;
  return `<section class="glossator-references"><h2>References</h2>${references.map(line).join("")}</section>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** The children of one block, with the text of each mark in a span of its own. Marks that are not found, because the
 * brief has changed since, are left out. */
function inBlock(make: Make, children: Token[], marks: Mark[]): Token[] {
  const out: Token[] = [];
  let left = marks;
  // What the brackets become that come next.
  let opens: string | null = null;
  let closes = false;
  const plain = (text: string) => {
    if (opens !== null && text.trim() !== "") {
      text = text.replace(/^(\s*)\[/, (_, space: string) => `${space}${opens}`);
      opens = null;
    }
    if (closes && text.includes("]")) {
      text = text.replace("]", ")");
      closes = false;
    }
    if (text !== "") out.push(textToken(make, text));
  };
  for (const child of children) {
    if (child.type !== "text") {
      out.push(child);
      continue;
    }
    let text = child.content;
    for (let at = nextIn(text, left); at !== undefined; at = nextIn(text, left)) {
      const { mark, start, index } = at;
      plain(text.slice(0, start));
      if (mark.shown !== null) {
        const { opens: opening, after } = mark.shown;
        if (opening !== null && !after) openBefore(out, opening);
        if (opening !== null && after) opens = opening;
        closes = mark.shown.closes;
      }
      const shown = mark.shown?.text ?? mark.text;
      out.push(opening(make, mark), textToken(make, shown), new make("glossator_close", "span", -1));
      text = text.slice(start + mark.text.length);
      left = left.slice(index + 1);
    }
    plain(text);
  }
  return out;
}

/** Writes `opens` for the last bracket that opens in the text so far. */
function openBefore(tokens: Token[], opens: string): void {
  for (const token of [...tokens].reverse()) {
    const at = token.type === "text" ? token.content.lastIndexOf("[") : -1;
    if (at < 0) continue;
    // A text that is nobody's mark is a token of ours, and may be changed.
    token.content = token.content.slice(0, at) + opens + token.content.slice(at + 1);
    return;
  }
}

/** The mark that stands first in `text`; of those before it none does. */
function nextIn(text: string, marks: Mark[]): { mark: Mark; start: number; index: number } | undefined {
  for (const [index, mark] of marks.entries()) {
    const start = text.indexOf(mark.text);
    if (start >= 0) return { mark, start, index };
  }
  return undefined;
}

function opening(make: Make, mark: Mark): Token {
  const token = new make("glossator_open", "span", 1);
  const classes = ["glossator", `glossator-${mark.kind}`];
  if (mark.standing !== null) classes.push(`glossator-${mark.standing}`);
  if (mark.changed) classes.push("glossator-changed");
  token.attrSet("class", classes.join(" "));
  if (mark.card !== null) token.attrSet("data-card", mark.card);
  return token;
}

function textToken(make: Make, content: string): Token {
  const token = new make("text", "", 0);
  token.content = content;
  return token;
}

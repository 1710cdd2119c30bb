// Puts marks into a rendered brief. Knows the part of markdown-it that it needs, and nothing of the server.

import { Uri } from "vscode";
import type { Mark } from "./answers";

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
export function install(engine: Engine, marksOf: (uri: Uri) => Mark[]): Engine {
  const render: Render = engine.renderer.render.bind(engine.renderer);
  engine.renderer.render = (tokens, options, env) => {
    const document = env?.currentDocument;
    const marks = document === undefined ? [] : marksOf(Uri.parse(document.toString()));
    return render(marks.length > 0 ? marked(tokens, marks) : tokens, options, env);
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

/** The children of one block, with the text of each mark in a span of its own. Marks that are not found, because the
 * brief has changed since, are left out. */
function inBlock(make: Make, children: Token[], marks: Mark[]): Token[] {
  const out: Token[] = [];
  let left = marks;
  for (const child of children) {
    if (child.type !== "text") {
      out.push(child);
      continue;
    }
    let text = child.content;
    for (let at = nextIn(text, left); at !== undefined; at = nextIn(text, left)) {
      const { mark, start, index } = at;
      if (start > 0) out.push(textToken(make, text.slice(0, start)));
      out.push(opening(make, mark), textToken(make, mark.text), new make("glossator_close", "span", -1));
      text = text.slice(start + mark.text.length);
      left = left.slice(index + 1);
    }
    if (text !== "") out.push(textToken(make, text));
  }
  return out;
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

// What can only be told from the pixels and colours of the editor that is looked at.

const EDITOR = ".editor-group-container.active";

/** Makes sure that a wavy line stands under the first `text` in view, and not beside it. */
export async function underlinedAt(bench, text) {
  const [line, word] = await bench.until(`${text} underlined`, () => bench.page.evaluate(underlined, [EDITOR, text]));
  if (Math.abs(line.width - word.width) > 3 || Math.abs(line.x - word.x) > 3) {
    throw new Error(`underlined from ${line.x}, ${line.width} wide; ${text} stands at ${word.x}, ${word.width} wide`);
  }
}

/** The wavy line that touches the first `text` in view, and the place of the text. */
function underlined([editor, text]) {
  const walker = document.createTreeWalker(document.querySelector(`${editor} .view-lines`), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.textContent.indexOf(text);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    const word = range.getBoundingClientRect();
    const line = [...document.querySelectorAll(`${editor} .squiggly-warning`)]
      .map((mark) => mark.getBoundingClientRect())
      .find((mark) => Math.abs(mark.bottom - word.bottom) < 8 && mark.x < word.right && mark.right > word.x);
    return line && [{ x: line.x, width: line.width }, { x: word.x, width: word.width }];
  }
  return undefined;
}

/** The colour in which the first `text` is shown. */
export function colourOf(bench, text) {
  const look = ([editor, text]) => {
    for (const span of document.querySelectorAll(`${editor} .view-line span > span`)) {
      if (span.textContent.replace(/\u00a0/g, " ").includes(text)) return getComputedStyle(span).color;
    }
    return "not shown";
  };
  return bench.page.evaluate(look, [EDITOR, text]);
}

/** The width of a letter: the editor's font gives the same to all. */
export function letterWidth(bench) {
  const look = (editor) => {
    const walker = document.createTreeWalker(document.querySelector(`${editor} .view-lines`), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.textContent.length < 10) continue;
      const range = document.createRange();
      range.setStart(node, 0);
      range.setEnd(node, 10);
      return range.getBoundingClientRect().width / 10;
    }
    throw new Error("no text");
  };
  return bench.page.evaluate(look, EDITOR);
}

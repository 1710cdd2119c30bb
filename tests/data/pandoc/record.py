"""Records what Pandoc reads in inputs.json; writes golden.json beside it.

    python3 tests/data/pandoc/record.py      (needs Pandoc 3.9 on the PATH)

For each input: its citations in order, each with its key, mode, prefix and suffix (including the
locator) as plain text.
"""

import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
MODES = {"AuthorInText": "author_in_text", "NormalCitation": "normal", "SuppressAuthor": "suppress"}


def plain(node):
    """The words of inlines or blocks."""
    if isinstance(node, list):
        return "".join(plain(child) for child in node)
    if not isinstance(node, dict):
        return ""
    kind, content = node["t"], node.get("c")
    if kind == "Str":
        return content
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "Math"):
        return content[1]
    if kind == "RawInline":
        return ""
    if kind == "Quoted":
        mark = '"' if content[0]["t"] == "DoubleQuote" else "'"
        return mark + plain(content[1]) + mark
    if kind in ("Link", "Image", "Span"):
        return plain(content[1])
    if kind == "Cite":
        return plain(content[1])
    if kind == "Note":
        return ""
    return plain(content)


def walk(node, found):
    if isinstance(node, list):
        for child in node:
            walk(child, found)
    elif isinstance(node, dict):
        kind = node.get("t")
        if kind == "Cite":
            for one in node["c"][0]:
                walk(one["citationPrefix"], found)
                found.append(
                    {
                        "key": one["citationId"],
                        "mode": MODES[one["citationMode"]["t"]],
                        "prefix": plain(one["citationPrefix"]),
                        "suffix": plain(one["citationSuffix"]),
                    }
                )
                walk(one["citationSuffix"], found)
        elif kind == "Figure":
            # Its caption repeats the description of the image.
            walk(node["c"][2], found)
        else:
            for child in node.values():
                walk(child, found)


def read(text):
    run = subprocess.run(
        ["pandoc", "-f", "markdown", "-t", "json"], input=text.encode(), capture_output=True, check=True
    )
    tree = json.loads(run.stdout)
    found = []
    walk(list(tree["meta"].values()), found)
    walk(tree["blocks"], found)
    return found


inputs = json.loads((HERE / "inputs.json").read_text(encoding="utf-8"))
golden = [read(text) for text in inputs]
lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in golden)
(HERE / "golden.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")

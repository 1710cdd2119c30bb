"""Reads `tmux capture-pane -ep` from stdin: what is painted how.

painted.py underline [4:3]   each underlined run of characters on a line; with 4:3 only wavy lines count
painted.py paint TEXT        for each place of TEXT the paint of its first character, as sorted numbers: `1;38;5;3`
"""

import os
import re
import sys

ESCAPE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b[()][A-Z0-9]|[\x0e\x0f]")


def cells(line, state):
    """(character, paint) for a line; `state` is carried from line to line."""
    at = 0
    for match in ESCAPE.finditer(line):
        yield from ((c, frozenset(state.items())) for c in line[at : match.start()])
        at = match.end()
        if match.group(1) is not None:
            apply(match.group(1), state)
    yield from ((c, frozenset(state.items())) for c in line[at:])


def apply(codes, state):
    parts = codes.split(";") if codes else ["0"]
    while parts:
        code = parts.pop(0)
        number = int(code.split(":")[0] or 0)
        if code == "0" or number == 0:
            state.clear()
        elif number in (38, 48, 58):
            if ":" not in code:
                count = 2 if parts and parts[0] == "5" else 4
                code = ";".join([code, *parts[:count]])
                del parts[:count]
            state[number] = code
        elif number == 4:
            state.pop(4, None)
            if code not in ("4:0",):
                state[4] = code
        elif number in (24, 39, 49, 59):
            state.pop({24: 4, 39: 38, 49: 48, 59: 58}[number], None)
        elif number in (22, 23, 27):
            for old in {22: (1, 2), 23: (3,), 27: (7,)}[number]:
                state.pop(old, None)
        elif 30 <= number <= 37 or 90 <= number <= 97:
            state[38] = code
        elif 40 <= number <= 47 or 100 <= number <= 107:
            state[48] = code
        else:
            state[number] = code


def main():
    state = {}
    lines = [list(cells(line.rstrip("\n"), state)) for line in sys.stdin]
    if sys.argv[1] == "underline":
        kinds = sys.argv[2:] or ["4", "4:1", "4:2", "4:3", "4:4", "4:5"]
        for line in lines:
            run = ""
            for character, paint in [*line, ("", frozenset())]:
                if any(key == 4 and code in kinds for key, code in paint):
                    run += character
                elif run:
                    print(run)
                    run = ""
    else:
        wanted = sys.argv[2]
        for line in lines:
            text = "".join(character for character, _ in line)
            at = text.find(wanted)
            while at >= 0:
                print(";".join(code for _, code in sorted(line[at][1])) or "plain")
                at = text.find(wanted, at + 1)


try:
    main()
except BrokenPipeError:  # `head` has seen enough
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

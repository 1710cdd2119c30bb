#!/usr/bin/env python3
"""Asks an installed server for a card, as an editor does: packaging/hover.py [--root ROOT] COMMAND...

Starts `COMMAND... serve`, opens a brief in a folder with one source, and asks what is shown over its quotation. Prints the
first line of the card; fails if there is none within a minute. With --root, COMMAND runs in that root (chroot) and the
folder is made inside.
"""

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PATIENCE = 60  # seconds; a debug build on a loaded machine takes a few
SOURCE = "The ferry\n\nThe ferry to the island sails twice a week, and only when the ice allows it.\n"
LIBRARY = "@misc{ferry,\n  author = {Holm, Edda},\n  title = {The ferry},\n  date = {2019},\n  file = {sources/ferry.txt},\n}\n"
BRIEF = "The ferry sails “twice a week, and only when the ice allows it” [@ferry].\n"


def frames(stream, inbox):
    while line := stream.readline():
        length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else None
        while line.strip():
            line = stream.readline()
            if line.lower().startswith(b"content-length"):
                length = int(line.split(b":")[1])
        if length:
            inbox.put(json.loads(stream.read(length)))
    inbox.put(None)


class Server:
    def __init__(self, command):
        self.child = subprocess.Popen([*command, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.inbox = queue.Queue()
        self.last = 0
        threading.Thread(target=frames, args=(self.child.stdout, self.inbox), daemon=True).start()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.child.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.child.stdin.flush()

    def ask(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        until = time.monotonic() + PATIENCE
        while True:
            message = self.inbox.get(timeout=max(until - time.monotonic(), 0.1))
            if message is None:
                sys.exit("packaging/hover.py: the server ended")
            if "method" in message:
                if "id" in message:
                    self.send({"id": message["id"], "result": None})
            elif message.get("id") == self.last:
                return message.get("result")


def shown(card):
    contents = (card or {}).get("contents", "")
    return contents["value"] if isinstance(contents, dict) else contents


def main():
    command = sys.argv[1:]
    root = ""
    if command[:1] == ["--root"]:
        root, command = command[1], command[2:]
    if not command:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(dir=f"{root}/tmp") as made:
        desk = Path(made)
        (desk / "sources").mkdir()
        (desk / "sources/ferry.txt").write_text(SOURCE, "utf-8")
        (desk / "library.bib").write_text(LIBRARY, "utf-8")
        (desk / "brief.md").write_text(BRIEF, "utf-8")
        uri = f"file://{made.removeprefix(root)}"
        server = Server(command)
        folders = [{"uri": uri, "name": "desk"}]
        started = {"processId": None, "rootUri": uri, "workspaceFolders": folders, "capabilities": {}}
        said = server.ask("initialize", started)
        server.send({"method": "initialized", "params": {}})
        document = {"uri": f"{uri}/brief.md", "languageId": "markdown", "version": 1, "text": BRIEF}
        server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        over = {"textDocument": {"uri": document["uri"]}, "position": {"line": 0, "character": BRIEF.index("week")}}
        until = time.monotonic() + PATIENCE
        # Until the sources have been read the card says so.
        while "Verbatim" not in (text := shown(server.ask("textDocument/hover", over))):
            if time.monotonic() > until:
                sys.exit(f"packaging/hover.py: not the card of a verbatim quotation: {text or 'none'}")
            time.sleep(0.1)
        server.ask("shutdown", None)
        server.send({"method": "exit"})
        if server.child.wait(PATIENCE) != 0:
            sys.exit("packaging/hover.py: the server did not end well")
    print(f"{said['serverInfo']['name']} {said['serverInfo']['version']}: {text.strip().splitlines()[0]}")


if __name__ == "__main__":
    main()

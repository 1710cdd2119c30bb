#!/usr/bin/env bash
# Drives VS Code, our floor and the newest that can be had, over editors/STEPS.md and what it has beyond; started by
# editors/test.sh. What is driven is code-server: the workbench and the extension host of VS Code, as a web page.
#
# VSCODE       other versions of code-server to test; 4.N.P is VS Code 1.N.P
# SCREENSHOTS  a folder for what is seen on the way; preview.png in media is one. The other pictures there are of ../screenshots.sh
# ONLY         parts of the test, by the names in test/run.mjs: the others then count as left out
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../session.sh"

floor=4.93.1 # what package.json's engines.vscode asks for: the oldest from 1.91 on, our client library's floor, that npm has
newest=4.139.1
session_limit=900 # a run takes one minute alone, and has taken three on two cores with other work
failed=0

package=$scratch/glossator.vsix
say 'make the package'
"$here/package.sh" "linux-$(node -p process.arch)" "$package" "$GLOSSATOR" >"$scratch/package.log" 2>&1 || {
  cat "$scratch/package.log"
  exit 1
}

for version in ${VSCODE:-$floor $newest}; do
  "$here/install.sh" "$EDITORS_CACHE" "$version"
  code_server=$EDITORS_CACHE/run-code-server-$version
  home=$scratch/home-$version
  # The editor leaves nothing behind.
  isolated=(env XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" XDG_CACHE_HOME="$home")
  say "VS Code $("${isolated[@]}" timeout 60 "$code_server" --version 2>/dev/null | sed -n 's/.*with Code //p')"
  name=vscode-${version#4.}
  copy=$(workspace "$name")
  session "$name" "${isolated[@]}" NAME="$name" FAILURES="$FAILURES" PLAYWRIGHT="$EDITORS_CACHE/playwright" \
    CODE_SERVER="$code_server" VSIX="$package" WORKSPACE="$copy" node "$here/test/run.mjs" || failed=1
done
exit "$failed"

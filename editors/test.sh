#!/usr/bin/env bash
# Drives real editors over the bundled workspace: editors/test.sh [vscode|neovim|helix|emacs|all]
#
# Each editor's part is its own test.sh beside its other files; what all of them must show is in editors/STEPS.md.
#
# GLOSSATOR        the server to test; else the debug build, wherever cargo's settings put it
# XDG_CACHE_HOME   editors are kept in its folder glossator-editors (default ~/.cache), and in its folder failures
#                  what an editor showed when a step failed
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target() { cargo metadata --manifest-path "$root/Cargo.toml" --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'; }
server=${GLOSSATOR:-$(target)/debug/glossator}
case $server in /*) ;; *) server=$PWD/$server ;; esac
[[ -x $server ]] || {
  printf 'editors/test.sh: no server at %s: run `cargo build`, or set GLOSSATOR\n' "$server" >&2
  exit 2
}
# For the editors' own scripts.
export GLOSSATOR=$server
export EDITORS_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/glossator-editors
export FAILURES=$EDITORS_CACHE/failures
mkdir -p "$FAILURES"

case ${1:-all} in
  vscode | neovim | helix | emacs) chosen=("$1") ;;
  all) chosen=(neovim helix emacs vscode) ;;
  *)
    printf 'usage: editors/test.sh [vscode|neovim|helix|emacs|all]\n' >&2
    exit 2
    ;;
esac

# One editor that fails keeps none of the others from being looked at.
failed=()
for editor in "${chosen[@]}"; do
  "$root/editors/$editor/test.sh" || failed+=("$editor")
done
if ((${#failed[@]})); then
  printf 'editors/test.sh: failed: %s; what they showed is in %s\n' "${failed[*]}" "$FAILURES" >&2
  exit 1
fi

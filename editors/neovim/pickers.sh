#!/usr/bin/env bash
# Tries the lists of :GlossatorInsertCitation and :GlossatorFind in the pickers that can be had:
#   GLOSSATOR=… editors/neovim/pickers.sh NVIM PLUGINS
# PLUGINS is a folder with clones of telescope.nvim and plenary.nvim, fzf-lua, snacks.nvim; fzf-lua needs `fzf` on PATH.
# Those that are not there are skipped, which is said. Not a part of editors/test.sh, as nothing is fetched here.
set -uo pipefail
neovim=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
plugins=$2
export FAILURES=${FAILURES:-/tmp}
one() { # SERVER NVIM PICKER PLUGIN...
  NAME=picker-$3
  source "$neovim/../terminal.sh"
  workspace=$home/desk
  mkdir "$workspace"
  cp -R "$neovim/../../glossator.toml" "$neovim/../../seeds" "$workspace/"
  {
    echo "vim.o.swapfile = false"
    echo "vim.opt.runtimepath:append('$neovim')"
    for plugin in "${@:4}"; do echo "vim.opt.runtimepath:append('$plugins/$plugin')"; done
    echo "vim.lsp.config('glossator', { cmd = { '$1', 'serve' } })"
    echo "vim.lsp.enable('glossator')"
  } >"$home/init.lua"
  command_line() {
    keys Escape
    type_text ":$1"
    keys Enter
  }
  start "cd '$workspace' && XDG_CONFIG_HOME='$home' XDG_DATA_HOME='$home' XDG_STATE_HOME='$home' XDG_CACHE_HOME='$home' \
    '$2' --clean -u '$home/init.lua' seeds/briefs/taliban-and-moscow.md"
  until_true shows 'The question' || fail "$3: opens" brief
  until_true shows '[0-9]+%|W:|kalinovski' # the server has answered when findings are there
  sleep 3
  command_line 'lua print(require("glossator.pick").name())'
  see "$3: is the one that is used" "^$3"
  type_text '/^Behind closed doors'
  keys Enter
  command_line 'GlossatorInsertCitation red lines exchanging promises'
  see "$3: the passage in the list" 'suchkov2021, ¶ 10 '
  see "$3: its text beside it" 'The least bad option\?'
  keys Enter
  see "$3: what is chosen is written" '\[@suchkov2021, ¶ 10\]'
  command_line 'GlossatorFind ISIS-K'
  see "$3: a name in the list" 'ISIS-K'
  keys Escape
  keys Escape
  command_line 'GlossatorFind suchkov'
  see "$3: a source in the list" 'suchkov2021 · Maxim Suchkov'
  keys Enter
  see "$3: it is opened" '004_d0ffb78fef87c962\.txt'
}
failed=0
try() { # PICKER FOLDER...
  local folder
  for folder in "${@:2}"; do
    [[ -d $plugins/$folder ]] || {
      printf 'n/a   %s: no %s in %s\n' "$1" "$folder" "$plugins"
      return 0
    }
  done
  (one "$GLOSSATOR" "$nvim" "$@") || failed=1
}
nvim=$1
try telescope telescope.nvim plenary.nvim
try fzf-lua fzf-lua
try snacks snacks.nvim
exit "$failed"

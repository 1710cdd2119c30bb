#!/usr/bin/env bash
# Takes pictures of the real editors over an invented example, in a light and a dark theme:
#   editors/screenshots.sh FOLDER [vscode|neovim|helix|all]
# Neovim and Helix run in xterm under Xvfb (Debian: xterm, xvfb, fonts-dejavu-core), VS Code is code-server in
# Chromium. The editors are those of editors/test.sh, which must have been run once. GLOSSATOR and XDG_CACHE_HOME as there.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(realpath -m "${1:?usage: editors/screenshots.sh FOLDER [vscode|neovim|helix|all]}")
chosen=${2:-all}
: "${GLOSSATOR:?the server}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/glossator-editors
mkdir -p "$out"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export DESK=$scratch/holm
failed=0
fresh_desk() {
  rm -rf "$DESK"
  cp -R "$root/editors/screenshots/desk" "$DESK"
}

# terminal NAME THEME SECONDS COMMAND KEYS...: the screen of xterm after the keys were typed, each a second after the one before.
terminal() {
  local name=$1 theme=$2 wait=$3 command=$4
  shift 4
  local colours=(-bg '#ffffff' -fg '#24292e')
  [[ $theme = light ]] || colours=(-bg '#1f1f28' -fg '#dcd7ba')
  local display=:$((70 + RANDOM % 20)) socket=shots-$$-$RANDOM
  mkdir -p "$scratch/fb"
  Xvfb "$display" -nocursor -screen 0 1076x476x24 -fbdir "$scratch/fb" >/dev/null 2>&1 &
  local server=$!
  sleep 2
  # tmux only passes the keys on; its line is off.
  tmux -L "$socket" -f /dev/null start-server \; set-option -g status off \; set-option -g default-terminal xterm-256color \; \
    set-option -ga terminal-overrides ',*:Tc:Smulx=\E[4\:%p1%dm:Setulc=\E[58\:2\:\:%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%dm' \; \
    set-option -g escape-time 0 \; new-session -d -x 106 -y 23 "$command"
  DISPLAY=$display xterm -fa 'DejaVu Sans Mono' -fs 12 -geometry 106x23+0+0 -b 8 +sb "${colours[@]}" -tn xterm-direct \
    -e tmux -L "$socket" attach >/dev/null 2>&1 &
  local window=$!
  sleep "$wait"
  local key
  for key in "$@"; do
    case $key in
      key:*) tmux -L "$socket" send-keys "${key#key:}" ;;
      wait:*) sleep "${key#wait:}" ;;
      *) tmux -L "$socket" send-keys -l -- "$key" ;;
    esac
    sleep 1
  done
  sleep 2
  python3 "$root/editors/screenshots/png.py" "$scratch/fb/Xvfb_screen0" "$out/$name-$theme.png" && echo "$name-$theme.png" || failed=1
  tmux -L "$socket" kill-server 2>/dev/null
  kill "$window" "$server" 2>/dev/null
  wait "$server" 2>/dev/null
}

wants() { [[ $chosen = all || $chosen = "$1" ]]; }
home=$scratch/home
isolated="XDG_CONFIG_HOME='$home' XDG_DATA_HOME='$home' XDG_STATE_HOME='$home' XDG_CACHE_HOME='$home'"

if wants neovim; then
  for theme in light dark; do
    fresh_desk
    mkdir -p "$home"
    {
      echo "vim.o.swapfile = false; vim.o.termguicolors = true; vim.o.background = '$theme'; vim.o.winborder = 'rounded'; vim.o.wrap = true; vim.o.linebreak = true"
      echo "vim.opt.runtimepath:append('$root/editors/neovim')"
      echo "vim.lsp.config('glossator', { cmd = { '$GLOSSATOR', 'serve' } })"
      echo "vim.lsp.enable('glossator'); vim.lsp.inlay_hint.enable()"
      echo "for _, level in ipairs({ 'Warn', 'Info', 'Hint' }) do vim.api.nvim_set_hl(0, 'DiagnosticUnderline' .. level, { undercurl = true, sp = 'Orange' }) end"
    } >"$home/init.lua"
    terminal neovim "$theme" 3 "cd '$DESK' && env $isolated '$cache/neovim-sid/run' --clean -u '$home/init.lua' brief.md" \
      wait:12 '/three' key:Enter ':noh' key:Enter K wait:2
  done
fi
if wants helix; then
  for theme in light dark; do
    fresh_desk
    mkdir -p "$home/helix"
    name=github_light
    [[ $theme = light ]] || name=kanagawa
    printf 'theme = "%s"\n[editor]\ntrue-color = true\n[editor.soft-wrap]\nenable = true\n[editor.lsp]\ndisplay-inlay-hints = true\n' "$name" >"$home/helix/config.toml"
    sed "s|command = \"glossator\"|command = \"$GLOSSATOR\"|" "$root/editors/helix/languages.toml" >"$home/helix/languages.toml"
    terminal helix "$theme" 3 "cd '$DESK' && env $isolated COLORTERM=truecolor '$cache/hx-sid/run' brief.md" \
      wait:12 '/three' key:Enter ' ' k wait:2
  done
fi
if wants vscode; then
  version=$(basename "$(ls -d "$cache"/run-code-server-* | sort -V | tail -n 1)")
  package=$scratch/glossator.vsix
  "$root/editors/vscode/package.sh" "linux-$(node -p process.arch)" "$package" "$GLOSSATOR" >"$scratch/package.log" 2>&1 || {
    cat "$scratch/package.log"
    exit 1
  }
  for theme in light dark; do
    fresh_desk
    env XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" XDG_CACHE_HOME="$home" PLAYWRIGHT="$cache/playwright" CODE_SERVER="$cache/$version" \
      VSIX="$package" node "$root/editors/vscode/screenshots.mjs" "$theme" "$out" || failed=1
  done
fi
exit "$failed"

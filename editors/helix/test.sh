#!/usr/bin/env bash
# Drives a real Helix in tmux through editors/STEPS.md: helix/test.sh HX SERVER WORKSPACE FAILURES
# WORKSPACE is a copy that may be changed; FAILURES a folder for the screen of the step that failed.
set -uo pipefail

hx=$1
server=$2
workspace=$3
failures=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
brief=seeds/briefs/taliban-and-moscow.md

home=$(mktemp -d)
socket=glossator-helix-$$
terminal() { tmux -L "$socket" -f /dev/null "$@"; }
leave() {
  terminal kill-server 2>/dev/null
  rm -rf "$home"
}
trap leave EXIT

mkdir -p "$home/helix" "$home/cache"
# The file that users are given, with the server's path put in.
sed "s|^command = \"glossator\"|command = \"$server\"|" "$here/languages.toml" >"$home/helix/languages.toml"
# As editors/helix/README.md tells: a finding in short at the end of its line, in full below the cursor's line.
cat >"$home/helix/config.toml" <<'TOML'
[editor]
end-of-line-diagnostics = "hint"
idle-timeout = 50
completion-trigger-len = 1
[editor.inline-diagnostics]
cursor-line = "hint"
TOML

screen() { terminal capture-pane -p; }
keys() {
  terminal send-keys "$@"
  sleep 0.3 # Helix reads a burst of keys with an escape among them as one alt-chord
}
type_text() {
  terminal send-keys -l -- "$1"
  sleep 0.3
}
fail() {
  printf 'FAIL  %s\n      no %s on the screen:\n' "$1" "$2"
  mkdir -p "$failures"
  screen | tee "$failures/helix.txt"
  tail -n 20 "$home/cache/helix/helix.log" | tee "$failures/helix.log"
  exit 1
}
# see STEP PATTERN: waits until a line of the screen matches. 30 s, for a debug build on a loaded machine.
see() {
  for _ in $(seq 300); do
    if screen | grep -qE -- "$2"; then
      printf 'ok    %s\n' "$1"
      [[ -z ${SHOW_SCREENS:-} ]] || screen
      return
    fi
    sleep 0.1
  done
  fail "$1" "$2"
}
gone() {
  for _ in $(seq 300); do
    screen | grep -qE -- "$2" || {
      printf 'ok    %s\n' "$1"
      return
    }
    sleep 0.1
  done
  fail "$1" "end of $2"
}
# Leaves the cursor on the last character of the first match.
find_text() {
  keys Escape
  keys Escape
  keys g g
  keys /
  type_text "$1"
  keys Enter
}

terminal new-session -d -x 160 -y 48 \
  "cd '$workspace' && XDG_CONFIG_HOME='$home' XDG_CACHE_HOME='$home/cache' '$hx' -v '$brief' 2>'$home/errors'; sleep 600"

see 'Helix opens the brief' 'The question'
find_text '@kalinovski2024'
see 'finding: at the misspelt key, with the key that is meant' 'kalinovsky2024 meant'
find_text 'firmly resolved'
see 'misquote: a finding at the changed word' 'The source has “determined” here, not “resolved”'

find_text '@suchkov2021'
keys Space k
see 'card: the outlet' 'Middle East Institute'
see 'card: the author' 'Maxim Suchkov'
find_text '@suchkov2021, ¶ 8'
keys Space k
see 'passage: the paragraph of the locator' 'reassurances'

find_text '@suchkov2021, ¶ 8'
keys g d
see 'go-to: suchkov2021 ¶ 8' '004_d0ffb78fef87c962\.txt.* 10:[0-9]+'
keys C-o
see 'go-to: back to the brief' 'taliban-and-moscow\.md.* [0-9]+:[0-9]+'
find_text '@csactu2021, ¶ 6'
keys g d
see 'go-to: csactu2021 ¶ 6' '003_13e63dcbeaa9edbd\.txt.* 18:[0-9]+'
keys C-o
find_text '@suchkov2021'
keys g D
see 'entry: the library' 'seeds/library\.bib.* [0-9]+:[0-9]+'
see 'entry: its lines' 'suchkov2021,'
keys C-o

find_text 'firmly resolved'
keys Space a
see 'fix: offered' 'Write “determined”'
keys Enter
see 'fix: the word is the source’s again' 'firmly determined to ward off the threat'
gone 'fix: the finding goes' 'resolved'

keys Escape
keys g e
keys o
type_text '[@'
for key in bugajski2021 csactu2021 kalinovsky2024 suchkov2021 tenzer2021; do
  see "completion: offers $key" "$key +reference"
done
type_text 'such'
sleep 0.5
keys C-n
keys Enter
see 'completion: what is accepted' '^ *[0-9]+ +.?\[@suchkov2021 *\]? *'
keys Escape
keys Escape
type_text ':q!'
keys Enter

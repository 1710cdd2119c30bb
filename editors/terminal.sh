# Drives an editor in a terminal of its own and reads its screen; to be sourced. Wants NAME (of the session, for the files
# of a failure) and FAILURES.
#
# Waits are for a debug build on a loaded machine; they end as soon as the thing is seen.
waits=300 # tenths of a second

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(mktemp -d)
socket=glossator-$NAME-$$
terminal() { tmux -L "$socket" -f /dev/null "$@"; }
leave() {
  terminal kill-server 2>/dev/null
  rm -rf "$home"
}
trap leave EXIT
trap 'exit 1' TERM

# start COMMAND: in a terminal of 160 columns, 48 lines and 256 colours, which stays when the editor ends.
start() {
  terminal start-server \; set-option -g default-terminal tmux-256color \; \
    new-session -d -x 160 -y 48 "$1; echo THE EDITOR HAS ENDED; sleep 600"
}
screen() { terminal capture-pane -p; }
# With the escape codes for colours and lines.
painted() { terminal capture-pane -ep; }
# underlined: what is underlined on the screen, a run a line; with `curl=4:3` only what has a wavy line.
curl=
underlined() { painted | python3 "$here/painted.py" underline $curl; }
# paint TEXT: how each place of TEXT on the screen is painted, a line each.
paint() { painted | python3 "$here/painted.py" paint "$1"; }
keys() {
  terminal send-keys "$@"
  sleep 0.3 # editors take a burst of keys with an escape among them for one chord
}
type_text() {
  terminal send-keys -l -- "$1"
  sleep 0.3
}
ok() {
  printf 'ok    %s\n' "$1"
  [[ -z ${SHOW_SCREENS:-} ]] || screen
}
# tapped SERVER: a program that is SERVER and keeps what the editor tells it.
tapped() {
  # In a folder of its own: $home may be the cache folder, where the server has a folder of the same name.
  mkdir -p "$home/tapped"
  printf "#!/bin/sh\ntee -a '%s/sent' | '%s' \"\$@\"\n" "$home" "$1" >"$home/tapped/glossator"
  chmod +x "$home/tapped/glossator"
  printf '%s/tapped/glossator\n' "$home"
}
# unsupported STEP CAPABILITY REASON: passed over, if the editor did not tell the server that it has the capability.
unsupported() {
  if grep -aq "\"$2\":" "$home/sent"; then
    printf 'FAIL  %s: the editor says that it has %s\n' "$1" "$2"
    exit 1
  fi
  printf 'n/a   %s: %s\n' "$1" "$3"
}
fail() {
  printf 'FAIL  %s\n      no %s on the screen:\n' "$1" "$2"
  screen | tee "$FAILURES/$NAME.screen"
  painted >"$FAILURES/$NAME.painted"
  if declare -F log_of_editor >/dev/null; then log_of_editor | tail -n 30 | cut -c 1-300 | tee "$FAILURES/$NAME.log"; fi
  exit 1
}
# until_true COMMAND...: waits until COMMAND succeeds.
until_true() {
  local _
  for _ in $(seq "$waits"); do
    "$@" && return
    sleep 0.1
  done
  return 1
}
shows() { screen | grep -qE -- "$1"; }
shows_not() { ! shows "$1"; }
underlines() { underlined | grep -qxE -- "$1"; }
# see STEP PATTERN: waits until a line of the screen matches.
see() { if until_true shows "$2"; then ok "$1"; else fail "$1" "$2"; fi; }
gone() { if until_true shows_not "$2"; then ok "$1"; else fail "$1" "end of $2"; fi; }
# see_underlined STEP PATTERN: waits until exactly what matches is underlined, no more and no less.
see_underlined() { if until_true underlines "$2"; then ok "$1"; else
  underlined >"$FAILURES/$NAME.underlined"
  fail "$1" "underlined $2"
fi; }
# saved STEP PATTERN FILE: waits until a line of a file on disk matches.
saved() { if until_true grep -qsE -- "$2" "$3"; then ok "$1"; else fail "$1" "line $2 in $3"; fi; }
# A PDF, and a brief that quotes it: see `document` in STEPS.md.
add_document() {
  cp "$here/document/weir.pdf" "$workspace/seeds/"
  cp "$here/document/weir.md" "$workspace/seeds/briefs/"
}

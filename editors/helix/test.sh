#!/usr/bin/env bash
# Drives Helix, our floor and the newest, over editors/STEPS.md; started by editors/test.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../session.sh"
failed=0

drive() { # NAME
  say "$(timeout 20 "$program" --version)"
  session "$1" env NAME="$1" "$here/terminal.sh" "$program" "$GLOSSATOR" "$(workspace "$1")" || failed=1
}

debian trixie hx || die 'Helix 25.01, our floor, could not be installed from Debian trixie'
drive helix
if debian sid hx; then
  drive helix-newest
else
  say 'the newest Helix could not be installed, and was not tried'
fi
exit "$failed"

#!/usr/bin/env bash
# Drives Emacs with its built-in Eglot, Debian stable's version and the newest, over editors/STEPS.md; started by
# editors/test.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../session.sh"
failed=0

drive() { # NAME
  say "$(timeout 20 "$program" --version | head -n 1)"
  session "$1" env NAME="$1" "$here/terminal.sh" "$program" "$GLOSSATOR" "$(workspace "$1")" || failed=1
}

debian trixie emacs-nox elpa-markdown-mode elpa-company || die 'Emacs 30 could not be installed from Debian trixie'
drive emacs
if debian sid emacs-nox elpa-markdown-mode elpa-company; then
  drive emacs-newest
else
  say 'the newest Emacs could not be installed, and was not tried'
fi
exit "$failed"

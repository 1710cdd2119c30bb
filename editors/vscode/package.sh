#!/usr/bin/env bash
# Makes packages for VS Code: editors/vscode/package.sh KIND FILE.vsix [SERVER]
#
#   universal      without a server: it is found by the setting or on PATH
#   linux-x64 ...  for one system, by VS Code's name, with SERVER inside, a program for that system
#
# packaging/build.sh builds the server and calls this. Needs Node 20. Honours XDG_CACHE_HOME.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kind=${1:-}
wanted=3
[[ $kind != universal ]] || wanted=2
if (($# != wanted)); then
  printf 'usage: editors/vscode/package.sh universal FILE.vsix | SYSTEM FILE.vsix SERVER\n' >&2
  exit 2
fi
out=$(realpath -m "$2")
server=${3:+$(realpath "$3")}

# vsce packs what lies in the folder; a folder of its own keeps two packages from meeting.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cd "$here"
[[ -d node_modules ]] || npm ci --no-audit --no-fund
npm run build
cp -R package.json .vscodeignore README.md CHANGELOG.md dist media "$stage/"
cp ../../LICENSE-APACHE ../../LICENSE-MIT "$stage/"

options=()
if [[ $kind != universal ]]; then
  options=(--target "$kind")
  name=glossator
  [[ $kind != win32-* ]] || name=glossator.exe
  mkdir "$stage/server"
  install -m 755 "$server" "$stage/server/$name"
  # A debug build is several times as large as all the rest. Fails on a program for another system.
  strip "$stage/server/$name" 2>/dev/null || true
fi
cd "$stage"
"$here/node_modules/.bin/vsce" package --no-dependencies --allow-missing-repository --no-rewrite-relative-links "${options[@]}" --out "$out"

#!/usr/bin/env bash
# Makes packages for VS Code: editors/vscode/package.sh KIND FILE.vsix [SERVER]
#
#   universal   without a server: it is found by the setting or on PATH
#   native      with the server for this machine's system inside: SERVER, else one built here, dist profile, stripped,
#               that asks for no newer C library than glibc 2.17 (cargo-zigbuild and Zig come from PyPI into the cache)
#
# Needs Node 20, and for a native package Rust and python3 with venv. Honours cargo's settings and XDG_CACHE_HOME.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/glossator-editors
glibc=2.17 # the oldest that Rust's own library runs with
usage() {
  printf 'usage: editors/vscode/package.sh universal|native FILE.vsix [SERVER]\n' >&2
  exit 2
}

kind=${1:-}
[[ $kind == universal || $kind == native ]] && [[ -n ${2:-} ]] || usage
out=$(realpath -m "$2")
server=${3:+$(realpath "$3")}

build_server() {
  local venv=$cache/zigbuild-0.24.0
  if [[ ! -e $venv/whole ]]; then
    rm -rf "$venv"
    mkdir -p "$cache"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check cargo-zigbuild==0.24.0 ziglang==0.17.0
    touch "$venv/whole"
  fi
  local triple
  triple=$(uname -m)-unknown-linux-gnu
  (
    cd "$here/../.."
    PATH=$venv/bin:$PATH cargo zigbuild --profile dist --bin glossator --target "$triple.$glibc"
  ) >&2
  local target
  target=$(cargo metadata --manifest-path "$here/../../Cargo.toml" --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
  printf '%s\n' "$target/$triple/dist/glossator"
}

# vsce packs what lies in the folder; a folder of its own keeps two packages from meeting.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cd "$here"
[[ -d node_modules ]] || npm ci --no-audit --no-fund
npm run build
cp -R package.json .vscodeignore README.md CHANGELOG.md dist media "$stage/"
cp ../../LICENSE-APACHE ../../LICENSE-MIT "$stage/"

options=()
if [[ $kind == native ]]; then
  case $(uname -sm) in
    'Linux x86_64') options=(--target linux-x64) ;;
    'Linux aarch64') options=(--target linux-arm64) ;;
    *)
      printf 'editors/vscode/package.sh: no native package is made on this system\n' >&2
      exit 2
      ;;
  esac
  : "${server:=$(build_server)}"
  mkdir "$stage/server"
  install -m 755 "$server" "$stage/server/glossator"
  # A debug build is several times as large as all the rest.
  ! command -v strip >/dev/null || strip "$stage/server/glossator"
fi
cd "$stage"
"$here/node_modules/.bin/vsce" package --no-dependencies --allow-missing-repository --no-rewrite-relative-links "${options[@]}" --out "$out"

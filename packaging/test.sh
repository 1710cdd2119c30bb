#!/usr/bin/env bash
# Installs the packages for this machine as a new user would and asks each for a card: packaging/test.sh [PROGRAM]
#
# PROGRAM  what to pack; by default the debug build of `cargo test`
#
# The archive is unpacked, the wheel goes into a fresh virtual environment, the npm packages into a fresh folder. The .deb and
# the wheel also go into a bare Debian of this machine's release, made by mmdebstrap, which asks for root; elsewhere the .deb
# is only unpacked. Needs Python 3.11 with venv, npm and dpkg-deb. Nothing outside a temporary folder changes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say() { printf '== %s\n' "$*"; }
# step NAME COMMAND...: fails with NAME, else prints how long it took.
step() {
  local name=$1 started=$SECONDS
  shift
  "$@" || {
    printf 'packaging/test.sh: %s: failed\n' "$name" >&2
    exit 1
  }
  printf 'ok %s (%s s)\n' "$name" $((SECONDS - started))
}
hover() { python3 "$here/hover.py" "$@"; }

program=${1:-}
if [[ -z $program ]]; then
  target=$(cd "$here/.." && cargo metadata --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
  program=$target/debug/glossator
  [[ -x $program ]] || {
    printf 'packaging/test.sh: %s: no such program. Run cargo build first, or name one.\n' "$program" >&2
    exit 2
  }
fi
machine=linux-$(node -p process.arch)
packages=$scratch/packages

say "pack $program"
pack() {
  "$here/build.sh" --fast --only archive,wheel,npm,deb --program "$program" --out "$packages" "$machine"
  "$here/build.sh" --fast --only npm --out "$packages" any
}
step 'pack' pack
step 'checksums' env -C "$packages" sha256sum --quiet --check SHA256SUMS

say 'archive'
from_archive() {
  mkdir "$scratch/archive"
  tar -xzf "$packages"/glossator-*.tar.gz --strip-components 1 -C "$scratch/archive"
  local page shell
  for page in glossator glossator-check; do
    grep -q '^\.SH NAME' "$scratch/archive/man/$page.1"
  done
  bash -c ". '$scratch/archive/completions/glossator.bash' && complete -p glossator" >/dev/null
  for shell in zsh fish; do
    ! command -v "$shell" >/dev/null || "$shell" -n "$scratch/archive/completions"/*glossator"$([[ $shell == zsh ]] || echo .fish)"
  done
  hover "$scratch/archive/glossator"
}
step 'archive' from_archive

say 'wheel'
from_wheel() {
  python3 -m venv "$scratch/venv"
  "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$packages"/*.whl
  hover "$scratch/venv/bin/glossator"
}
step 'pip install' from_wheel

say 'npm'
from_npm() {
  mkdir "$scratch/npm"
  echo '{"private": true}' >"$scratch/npm/package.json"
  # From the two files alone: the packages for other systems are optional, and are not there.
  (cd "$scratch/npm" && npm install --offline --no-audit --no-fund --loglevel=error "$packages"/npm-*.tgz) >"$scratch/npm.log" 2>&1 || {
    cat "$scratch/npm.log"
    return 1
  }
  hover "$scratch/npm/node_modules/.bin/glossator"
  # It ends as the program does.
  local code=0
  "$scratch/npm/node_modules/.bin/glossator" check "$scratch/nowhere" 2>/dev/null || code=$?
  [[ $code -eq 2 ]]
}
step 'npm install' from_npm

say 'Debian package'
bare() {
  local release
  release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [[ $(id -u) -eq 0 && -n $release ]] || return 1
  if ! command -v mmdebstrap >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null || return 1
  fi
  mmdebstrap --quiet --variant=essential --include=python3-venv,libgcc-s1 "$release" "$scratch/root" >"$scratch/root.log" 2>&1
}
from_deb() {
  cp "$packages"/*.deb "$scratch/root/tmp/"
  chroot "$scratch/root" sh -c 'dpkg --install /tmp/glossator_*.deb' >/dev/null
  [[ -e $scratch/root/usr/share/bash-completion/completions/glossator && -e $scratch/root/usr/share/doc/glossator/copyright ]]
  hover --root "$scratch/root" chroot "$scratch/root" glossator
  chroot "$scratch/root" dpkg --purge glossator >/dev/null
  [[ ! -e $scratch/root/usr/bin/glossator ]]
}
wheel_in_root() {
  cp "$packages"/*.whl "$scratch/root/tmp/"
  chroot "$scratch/root" sh -c 'python3 -m venv /opt/g && /opt/g/bin/pip install --quiet --no-index /tmp/*.whl'
  hover --root "$scratch/root" chroot "$scratch/root" /opt/g/bin/glossator
}
unpacked() {
  dpkg-deb --extract "$packages"/*.deb "$scratch/unpacked"
  hover "$scratch/unpacked/usr/bin/glossator"
}
if bare; then
  step 'dpkg --install in a bare root' from_deb
  step 'pip install in a bare root' wheel_in_root
else
  [[ ! -s $scratch/root.log ]] || cat "$scratch/root.log"
  say 'no bare root can be made here'
  step 'dpkg-deb --extract' unpacked
fi
say 'every package shows a card'

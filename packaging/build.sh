#!/usr/bin/env bash
# Makes the packages: packaging/build.sh [OPTION]... [TARGET]...
#
#   TARGET           a name in packaging/targets, `any` for what is the same everywhere (npm's front package, the VS Code
#                    package without a server), or `all` for all of these; by default this machine's, and `any`
#   --only KIND,...  archive, wheel, npm, deb, vsix; by default all
#   --profile NAME   cargo's profile; by default dist
#   --program FILE   packs FILE, built for the one TARGET, and builds nothing
#   --fast           compresses little, for tests
#   --out FOLDER     by default `packages` in cargo's target folder
#
# Prints the path of each package, and writes SHA256SUMS beside them. A Linux program is built with Zig's linker against
# glibc 2.17, the oldest that Rust's own library runs with, or musl; macOS and Windows programs are built on such a machine.
# Needs Rust with the target's library (rustup target add), Python 3.11 with venv; for deb dpkg-deb, for vsix Node 20.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
glibc=2.17
fail() {
  printf 'packaging/build.sh: %s\n' "$*" >&2
  exit 2
}

only=archive,wheel,npm,deb,vsix
profile=dist
program=
out=
fast=()
names=()
while (($#)); do
  case $1 in
    --only | --profile | --program | --out)
      (($# > 1)) || fail "$1: a value is missing"
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    --fast) fast=(--fast) ;;
    -h | --help)
      sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
      exit
      ;;
    -*) fail "$1: no such option" ;;
    all)
      while read -r name _; do
        [[ $name == '#'* ]] || names+=("$name")
      done <"$here/targets"
      names+=(any)
      ;;
    *) names+=("$1") ;;
  esac
  shift
done

# field NAME NUMBER: a column of the list.
field() { awk -v name="$1" -v number="$2" '$1 == name { print $number }' "$here/targets"; }
this_machine() {
  case $(uname -sm) in
    'Linux x86_64') echo linux-x64 ;;
    'Linux aarch64') echo linux-arm64 ;;
    'Darwin x86_64') echo macos-x64 ;;
    'Darwin arm64') echo macos-arm64 ;;
    MINGW*x86_64 | MSYS*x86_64) echo windows-x64 ;;
    *) fail "$(uname -sm): name a TARGET" ;;
  esac
}
((${#names[@]})) || names=("$(this_machine)" any)
for name in "${names[@]}"; do
  [[ $name == any || -n $(field "$name" 2) ]] || fail "$name: not in packaging/targets"
done
[[ -z $program || ${#names[@]} -eq 1 ]] || fail '--program: name one TARGET'
[[ -z $program || -f $program ]] || fail "$program: no such file"
kinds=()
for kind in ${only//,/ }; do
  case $kind in
    archive | wheel | npm | deb) kinds+=("$kind") ;;
    vsix) ;;
    *) fail "$kind: not one of archive, wheel, npm, deb, vsix" ;;
  esac
done

python=$(command -v python3 || command -v python) || fail 'needs Python 3.11'
built=$(cd "$root" && cargo metadata --no-deps --format-version 1 |
  "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
out=${out:-$built/packages}
mkdir -p "$out"
out=$(cd "$out" && pwd)
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}"
export SOURCE_DATE_EPOCH
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# Builds the program for the target NAME and prints its path.
build() {
  local triple folder=$profile
  triple=$(field "$1" 2)
  [[ $profile != dev ]] || folder=debug
  [[ -d $(cd "$root" && rustc --print target-libdir --target "$triple") ]] ||
    fail "$1: Rust's library for it is missing: rustup target add $triple"
  case $1 in
    linux-*)
      local venv=$built/zigbuild-0.24.0 wanted=$triple
      if [[ ! -e $venv/whole ]]; then
        rm -rf "$venv"
        "$python" -m venv "$venv" || return
        "$venv/bin/pip" install --quiet --disable-pip-version-check cargo-zigbuild==0.24.0 ziglang==0.17.0 || return
        touch "$venv/whole"
      fi
      [[ $1 == *-musl ]] || wanted=$triple.$glibc
      (cd "$root" && PATH=$venv/bin:$PATH cargo zigbuild --profile "$profile" --bin glossator --target "$wanted") >&2 ||
        return
      ;;
    *)
      [[ $(this_machine) == "${1%%-*}"-* ]] || fail "$1: can only be built on such a machine"
      (cd "$root" && cargo build --profile "$profile" --bin glossator --target "$triple") >&2 || return
      ;;
  esac
  local file=$built/$triple/$folder/glossator
  [[ -f $file ]] || file=$file.exe
  printf '%s\n' "$file"
}

# Writes manual pages and completions to $stage/docs, with FILE if it runs here.
document() {
  mkdir -p "$stage/docs/man" "$stage/docs/completions"
  local run=("$1")
  "$1" --version >/dev/null 2>&1 || run=(cargo run --quiet --manifest-path "$root/Cargo.toml" --)
  "${run[@]}" manual "$stage/docs/man" >&2
  local shell file
  for shell in bash zsh fish elvish powershell; do
    case $shell in
      zsh) file=_glossator ;;
      powershell) file=_glossator.ps1 ;;
      elvish) file=glossator.elv ;;
      *) file=glossator.$shell ;;
    esac
    "${run[@]}" completions "$shell" >"$stage/docs/completions/$file"
  done
}

for name in "${names[@]}"; do
  if [[ $name == any ]]; then
    ((!${#kinds[@]})) || "$python" "$here/pack.py" ${fast[@]+"${fast[@]}"} any - - "$out" "${kinds[@]}"
    if [[ ,$only, == *,vsix,* ]]; then
      "$root/editors/vscode/package.sh" universal "$out/glossator-universal.vsix" >&2
      printf '%s\n' "$out/glossator-universal.vsix"
    fi
    continue
  fi
  # A copy, since a debug build is to be stripped.
  server=$stage/$name
  file=$program
  [[ -n $file ]] || file=$(build "$name")
  cp "$file" "$server"
  chmod 755 "$server"
  # Fails on a program for another system, but those of the dist profile are stripped.
  strip "$server" 2>/dev/null || true
  if ((${#kinds[@]})); then
    document "$server"
    "$python" "$here/pack.py" ${fast[@]+"${fast[@]}"} "$name" "$server" "$stage/docs" "$out" "${kinds[@]}"
  fi
  if [[ ,$only, == *,vsix,* ]]; then
    place=$(field "$name" 8)
    "$root/editors/vscode/package.sh" "$place" "$out/glossator-$place.vsix" "$server" >&2
    printf '%s\n' "$out/glossator-$place.vsix"
  fi
done

cd "$out"
"$python" - <<'SUMS'
import hashlib, pathlib
files = sorted(path for path in pathlib.Path().iterdir() if path.is_file() and path.name != "SHA256SUMS")
lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
pathlib.Path("SHA256SUMS").write_text("".join(lines))
SUMS

#!/usr/bin/env bash
# Unpacks an editor of another Debian suite into a folder of its own:
#   editors/install-debian.sh SUITE FOLDER PACKAGE [MORE...]     then FOLDER/run
# PACKAGE is hx, neovim or emacs-nox; MORE are packages that belong to it. Needs a Debian machine, for its mirror and its keys.
#
# The packages want a newer C library than older systems have, so all that they depend on comes with them, and the
# program is told to use that folder's loader and libraries. Nothing outside the folder changes.
set -euo pipefail

suite=$1
folder=$2
package=$3
more=("${@:4}")
fail() {
  printf 'editors/install-debian.sh: %s\n' "$*" >&2
  exit 1
}

# apt tells the mirrors only of lists that it has; a new machine has none, so they are read into a folder that goes again.
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
mkdir "$lists/partial"
read_lists=(-qq -o Dir::State::Lists="$lists" -o APT::Sandbox::User=root -o Acquire::Languages=none)
apt-get "${read_lists[@]}" update
mirror=$(apt-get "${read_lists[@]}" indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
  grep -E '/debian/?$' | sort -u | head -n 1) || true
[[ -n $mirror ]] || fail 'apt knows no Debian mirror'
keys=/usr/share/keyrings/debian-archive-keyring.gpg

# apt with a state of its own, in which no package is installed: it then fetches every dependency.
rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/files"
folder=$(cd "$folder" && pwd)
: >"$folder/apt/status"
echo "deb [signed-by=$keys] $mirror $suite main" >"$folder/apt/sources.list"
private_apt() {
  apt-get -qq -o Dir::Etc::SourceList="$folder/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$folder/apt" -o Dir::State::Lists="$folder/apt/lists" -o Dir::State::status="$folder/apt/status" \
    -o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}
private_apt update
private_apt install --yes --download-only --no-install-recommends "$package" "${more[@]}" patchelf >/dev/null

for archive in "$folder"/apt/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$archive" | tar -x --keep-directory-symlink -C "$folder/files"
done
rm -rf "$folder/apt"

files=$folder/files
libraries=$files/usr/lib/$(uname -m)-linux-gnu
loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*' | head -n 1)
[[ -x $loader ]] || fail "$package of $suite comes without a loader"

# Where the program is, and what it must be told, as it was built to live in /usr.
settings=()
arguments=
case $package in
  hx)
    program=$files/usr/lib/hx/hx
    settings=("HELIX_RUNTIME=$files/usr/lib/hx/runtime")
    ;;
  neovim)
    program=$files/usr/bin/nvim
    settings=("VIMRUNTIME=$files/usr/share/nvim/runtime")
    ;;
  emacs-nox)
    program=$files/usr/bin/emacs-nox
    lisp=$(echo "$files"/usr/share/emacs/[0-9]*)
    dump=$(find "$files/usr/libexec/emacs" -name 'emacs-*.pdmp')
    [[ -f $dump && -d $lisp/lisp ]] || fail "$package of $suite is not laid out as expected"
    path=$(find "$lisp/lisp" "$files/usr/share/emacs/site-lisp" -type d | paste -sd:)
    settings=("EMACSLOADPATH=$path" "EMACSDATA=$lisp/etc" "EMACSDOC=$lisp/etc" "EMACSPATH=$(dirname "$dump")")
    arguments="--dump-file='$dump'"
    # 140 MB for compiling to machine code, which no test does.
    rm -rf "$files/usr/lib/gcc" "$files/usr/libexec/gcc" "$files/usr/share/doc" "$files/usr/include"
    ;;
  *) fail "how to start $package is not known" ;;
esac
[[ -x $program ]] || fail "$package of $suite is not laid out as expected"

# The program itself is changed, not only started by the loader: Neovim starts itself once more. All libraries are
# looked for in the folder (DT_RPATH, hence --force-rpath), those of the libraries too.
"$loader" --library-path "$libraries" "$files/usr/bin/patchelf" \
  --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$program"

# Written last: its presence says that the folder is complete.
{
  printf '#!/bin/sh\n'
  for setting in "${settings[@]}"; do printf "export %s='%s'\n" "${setting%%=*}" "${setting#*=}"; done
  printf "exec '%s' %s \"\$@\"\n" "$program" "$arguments"
} >"$folder/run.new"
chmod +x "$folder/run.new"
mv "$folder/run.new" "$folder/run"

#!/usr/bin/env bash
# Unpacks Debian's Helix into a folder of its own: editors/install-helix.sh SUITE FOLDER, then FOLDER/run-hx.
#
# The package wants a newer C library than older systems have, so its dependencies come with it and the program is
# started with their loader. Nothing outside the folder changes. Needs a Debian machine, for its mirror and its keys.
set -euo pipefail

suite=$1
folder=$2
fail() {
  printf 'editors/install-helix.sh: %s\n' "$*" >&2
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
: >"$folder/apt/status"
echo "deb [signed-by=$keys] $mirror $suite main" >"$folder/apt/sources.list"
private_apt() {
  apt-get -qq -o Dir::Etc::SourceList="$folder/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$folder/apt" -o Dir::State::Lists="$folder/apt/lists" -o Dir::State::status="$folder/apt/status" \
    -o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}
private_apt update
private_apt install --yes --download-only --no-install-recommends hx >/dev/null

for package in "$folder"/apt/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$folder/files"
done
rm -rf "$folder/apt"

files=$(cd "$folder/files" && pwd)
libraries=$files/usr/lib/$(uname -m)-linux-gnu
loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*' | head -n 1)
[[ -x $loader && -x $files/usr/lib/hx/hx ]] || fail 'the package is not laid out as expected'
# Written last: its presence says that the folder is complete.
cat >"$folder/run-hx" <<RUN
#!/bin/sh
HELIX_RUNTIME='$files/usr/lib/hx/runtime' exec '$loader' --library-path '$libraries' '$files/usr/lib/hx/hx' "\$@"
RUN
chmod +x "$folder/run-hx"

#!/usr/bin/env bash
# VS Code as a web page for its test: editors/vscode/install.sh FOLDER VERSION puts into FOLDER
#   node-MAJOR             code-server takes no other major version of Node than its own
#   code-server-VERSION    the workbench and the extension host of VS Code, from npm
#   playwright             what drives a browser
#   run-code-server-VERSION
# and Chromium into the system, by apt, if there is none. All else comes from npm, and nothing is fetched again that is there.
# code-server compiles native modules: minutes, hence the folder. Prints what it does.
set -euo pipefail

folder=$1
version=$2
playwright_version=1.65.1
fail() {
  printf 'editors/vscode/install.sh: %s\n' "$*" >&2
  exit 1
}
say() { printf '== %s\n' "$*"; }

# code-server's kerberos module is compiled against the system's headers.
packages=()
command -v chromium >/dev/null || packages+=(chromium)
for tool in g++ make python3 pkg-config; do
  command -v "$tool" >/dev/null || packages+=("$tool")
done
[[ -e /usr/include/gssapi/gssapi.h ]] || packages+=(libkrb5-dev)
sudo=
[[ $(id -u) -eq 0 ]] || sudo=sudo
if ((${#packages[@]})); then
  say "install ${packages[*]}"
  command -v apt-get >/dev/null || fail "needs ${packages[*]}"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

# from_npm NAME PACKAGE@VERSION: a folder of its own, known as whole by the file that is written last.
from_npm() {
  local place=$folder/$1
  [[ ! -e $place/whole ]] || return 0
  say "install $2 from npm"
  rm -rf "$place"
  mkdir -p "$place"
  echo '{"private": true}' >"$place/package.json"
  (cd "$place" && npm install --no-audit --no-fund --loglevel=error "$2" >install.log 2>&1) ||
    { tail -n 40 "$place/install.log" >&2; fail "npm could not install $2"; }
  touch "$place/whole"
}

major=$(npm view "code-server@$version" engines.node)
case $major in
  20) node_version=20.20.2 ;;
  22) node_version=22.23.3 ;;
  24) node_version=24.21.0 ;;
  *) fail "code-server $version wants Node $major, for which no version is pinned here" ;;
esac
from_npm "node-$major" "node@$node_version"
export PATH=$folder/node-$major/node_modules/node/bin:$PATH
# The headers lie beside the program; otherwise node-gyp would download them, or take those of another Node.
headers=$(find "$folder/node-$major/node_modules" -path '*/include/node/node.h' | head -n 1)
[[ -n $headers ]] || fail 'the Node package has no headers'
export npm_config_nodedir=${headers%/include/node/node.h}
from_npm playwright "playwright-core@$playwright_version"

# Versions of 2024 download ripgrep from another host while they are installed, unless it is there: so their parts are
# installed one by one, as their postinstall.sh would, with Debian's ripgrep put in between.
from_npm_with_ripgrep() {
  local place=$folder/code-server-$version
  [[ ! -e $place/whole ]] || return 0
  if ! command -v rg >/dev/null; then
    say 'install ripgrep'
    $sudo apt-get install -y -qq --no-install-recommends ripgrep >/dev/null
  fi
  say "install code-server@$version from npm"
  rm -rf "$place"
  mkdir -p "$place"
  echo '{"private": true}' >"$place/package.json"
  (
    cd "$place"
    quiet=(--no-audit --no-fund --loglevel=error)
    npm install --ignore-scripts "${quiet[@]}" "code-server@$version"
    npm rebuild argon2
    cd node_modules/code-server/lib/vscode
    npm install --legacy-peer-deps --omit=dev --ignore-scripts "${quiet[@]}"
    mkdir -p node_modules/@vscode/ripgrep/bin
    cp "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
    npm rebuild "${quiet[@]}"
    ln -s node_modules node_modules.asar
    ln -s code-linux.sh bin/remote-cli/code-server
    ln -s browser-linux.sh bin/helpers/browser.sh
    cd extensions
    npm install --legacy-peer-deps --omit=dev "${quiet[@]}"
  ) >"$place/install.log" 2>&1 || { tail -n 40 "$place/install.log" >&2; fail "npm could not install code-server@$version"; }
  touch "$place/whole"
}
case $version in
  4.9[0-9].*) from_npm_with_ripgrep ;;
  *) from_npm "code-server-$version" "code-server@$version" ;;
esac

# What starts it, with its Node. Written last: its presence says that all is there.
cat >"$folder/run-code-server-$version" <<RUN
#!/bin/sh
PATH='$folder/node-$major/node_modules/node/bin':\$PATH exec '$folder/code-server-$version/node_modules/.bin/code-server' "\$@"
RUN
chmod +x "$folder/run-code-server-$version"

# What the editors' test.sh scripts share; to be sourced. Wants GLOSSATOR, EDITORS_CACHE and FAILURES from editors/test.sh.
editors=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${GLOSSATOR:?start editors/test.sh}" "${EDITORS_CACHE:?}" "${FAILURES:?}"

session_limit=420 # seconds for one version of an editor; a run takes 10 to 60 on two cores with other work
newest_days=7     # a newest version that is older than this is fetched again

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() { printf '== %s\n' "$*"; }
die() {
  printf 'editors: %s\n' "$*" >&2
  exit 2
}

# debian SUITE PACKAGE [MORE...]: makes sure of an editor from Debian, and leaves its program in $program. Not 0 when it can't be had.
debian() {
  local folder=$EDITORS_CACHE/$2-$1
  program=$folder/run
  # `sid` moves; what was kept of the other suites stays right.
  if [[ -x $program ]] && { [[ $1 != sid ]] || [[ -z $(find "$program" -mtime "+$newest_days") ]]; }; then
    return 0
  fi
  say "install $2 from Debian $1"
  mkdir -p "$EDITORS_CACHE"
  # The programs know where they lie: the folder can't be made elsewhere and moved. What there was comes back on failure.
  rm -rf "$folder.old"
  if [[ -d $folder ]]; then mv "$folder" "$folder.old"; fi
  if "$editors/install-debian.sh" "$1" "$folder" "${@:2}"; then
    rm -rf "$folder.old"
  else
    rm -rf "$folder"
    if [[ -d $folder.old ]]; then mv "$folder.old" "$folder"; fi
    [[ -x $program ]]
  fi
}

# A copy of the bundled workspace with one word of a quotation changed: see STEPS.md. Prints its folder.
workspace() {
  local copy=$scratch/$1
  mkdir "$copy"
  cp -R "$editors/../glossator.toml" "$editors/../seeds" "$copy/"
  local brief=$copy/seeds/briefs/taliban-and-moscow.md
  sed -i 's/firmly determined to ward off/firmly resolved to ward off/' "$brief"
  grep -q 'firmly resolved to ward off' "$brief" || die 'the brief no longer holds the quotation to be changed'
  printf '%s\n' "$copy"
}

# session NAME COMMAND...: runs COMMAND, which drives one version of an editor, shows what it prints and fails if it fails,
# takes too long, or leaves out a step: each of STEPS.md must be `ok`, or `n/a` with the reason.
session() {
  local name=$1
  shift
  local log=$FAILURES/$name.txt status=0 step
  rm -f "$FAILURES/$name".*
  timeout --kill-after=5 "$session_limit" "$@" 2>&1 | tee "$log" || status=$?
  for step in $(sed -nE 's/^\| `([a-z-]+)` \|.*/\1/p' "$editors/STEPS.md"); do
    grep -qE "^(ok|n/a)    ?$step: " "$log" || {
      printf 'FAIL  %s: left out\n' "$step" | tee -a "$log"
      status=1
    }
  done
  if grep -q '^FAIL' "$log"; then status=1; fi
  if [[ $status -eq 0 ]]; then rm -f "$FAILURES/$name".*; else printf 'FAIL  %s (%s)\n' "$name" "$status"; fi
  return "$status"
}

#!/usr/bin/env bash
# Drives a real Helix in tmux through editors/STEPS.md: NAME=… FAILURES=… helix/terminal.sh HX SERVER WORKSPACE
# WORKSPACE is a copy that may be changed.
set -uo pipefail

hx=$1
server=$2
workspace=$3
helix=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$helix/../terminal.sh"
brief=seeds/briefs/taliban-and-moscow.md

# A key at a time, as people type: Helix 25.01 has been seen to tell of a burst of keys in another order than they came, after
# which no server has the text that is on the screen.
type_text() {
  local at LC_ALL=C.UTF-8
  for ((at = 0; at < ${#1}; at++)); do
    terminal send-keys -l -- "${1:at:1}"
    sleep 0.01
  done
  sleep 0.3
}

mkdir -p "$home/helix" "$home/cache" "$workspace/.helix"
# The files that users are given, with the server's path put in.
sed "s|^command = \"glossator\"|command = \"$(tapped "$server")\"|" "$helix/languages.toml" >"$home/helix/languages.toml"
cp "$helix/workspace-languages.toml" "$workspace/.helix/languages.toml"
# As the page tells, and quicker.
{
  sed -n '/^```toml$/,/^```$/p' "$helix/README.md" | grep -v '^```' | sed 's/^\[editor\]$/&\nidle-timeout = 50/'
} >"$home/helix/config.toml"
log_of_editor() { cat "$home/cache/helix/helix.log"; }

# Leaves the cursor on the last character of the first match.
at() {
  keys Escape
  keys Escape
  keys g g
  keys /
  type_text "$1"
  keys Enter
}
command_line() {
  keys Escape
  keys Escape
  type_text ":$1"
  keys Enter
}

# What opens addresses on a desktop.
mkdir "$home/bin"
printf '#!/bin/sh\necho "$1" >>"%s/opened"\n' "$home" >"$home/bin/xdg-open"
chmod +x "$home/bin/xdg-open"

start "cd '$workspace' && PATH='$home/bin':\$PATH XDG_CONFIG_HOME='$home' XDG_CACHE_HOME='$home/cache' XDG_DATA_HOME='$home/data' '$hx' -v '$brief' 2>'$home/errors'"
until_true shows 'The question' || fail opens 'brief'
# Newer versions read a folder's .helix only when told, once, that it may be trusted.
if shows '\[⚠\]'; then
  command_line 'workspace-trust'
  if ! until_true shows_not '\[⚠\]'; then fail opens 'trust'; fi
fi

at '@kalinovski2024'
see 'finding: at the misspelt key, with the key that is meant' 'you mean kalinovsky2024'
see_underlined 'finding: at the key and nowhere beside it' '@?kalinovski2024'
at 'firmly resolved'
see 'misquote: the source’s word' 'The source has “determined” here, not “resolved”'
see_underlined 'misquote: at the changed word and nowhere beside it' 'resolved'

at '@suchkov2021'
keys Space k
see 'card: the outlet' 'Middle East Institute'
see 'card: the author' 'Maxim Suchkov'
at '@suchkov2021, ¶ 8'
keys Space k
see 'passage: the paragraph of the locator' 'reassurances on all four items'
at 'firmly resolved'
keys Space k
see 'verdict: altered' 'Altered.* from '
see 'verdict: both words' 'you: “resolved” · source: “.*determined.*”'
at 'ISIS-Khorasan'
keys Space k
see 'name: its other names' 'Also: ISIS-K, ISIS-Khorasan'
see 'name: where it is mentioned' 'Mentioned 5 times: kalinovsky2024 \(5\)'

at '@suchkov2021, ¶ 8'
keys g d
see 'go-to: suchkov2021 ¶ 8' '004_d0ffb78fef87c962\.txt.* 10:[0-9]+'
see 'go-to: its words' '^ *10 .*The Taliban sought to provide reassurances'
# The text of the source: who leans on its passages.
keys Escape
see 'hints: the number before a passage' '¶ 8 +The Taliban sought'
keys Space k
see 'source: a card on the passage' '¶ 8.* of 11'
keys Escape
keys g r
see 'source: who cites this passage' '(briefs|b)/taliban-and-moscow\.md:2[01]'
keys Escape
keys Space s
see 'source: its passages' '¶ 8'
keys Escape
keys C-o
see 'go-to: back to the brief' 'taliban-and-moscow\.md.* 21:[0-9]+'
at '@csactu2021, ¶ 6'
keys g d
see 'go-to: csactu2021 ¶ 6' '003_13e63dcbeaa9edbd\.txt.* 18:[0-9]+'
keys C-o
at '@suchkov2021'
keys g D
see 'entry: the library' 'seeds/library\.bib.* [0-9]+:[0-9]+'
see 'entry: its lines' 'suchkov2021,'
keys C-o

at '@bugajski2021'
keys g r
see 'references: a list of citations and the entry' 'library\.bib'
see 'references: five in the brief and the entry' ' 6/6'
keys Escape
at '@bugajski2021'
keys Space h
see 'highlight: the citations of the key are selected' '[0-9]/5 sel|5 sels'
keys ,
keys g e
keys g b # the last line at the bottom: the heading itself must be out of sight
if ! until_true shows_not 'A defeat for whom'; then fail outline 'end of the brief alone'; fi
keys Space s
see 'outline: a heading' 'A defeat for whom\?'
keys Escape
keys Space S
type_text 'tenzer'
see 'find: a source by its author' 'tenzer2021.*001_947c14ff7540f0f0|tenzer2021 · '
keys Escape

at '@suchkov2021'
see 'hints: a mark behind a quotation' 'official ones” ✓'
see 'hints: a mark behind the misquote' '” ✗'
gone 'hints: none behind a key that holds author and year' '@suchkov2021 +Suchkov'

unsupported lens codeLens 'this Helix does not ask for code lenses'
unsupported tokens semanticTokens 'this Helix colours by its own grammars alone'
unsupported selection selectionRange 'this Helix selects by its own grammars alone'
unsupported folds foldingRange 'this Helix has no folds'
if grep -aq '"documentLink":' "$home/sent"; then
  at '@bugajski2021'
  keys '\;' # of a selection the words would be opened as a file
  keys g f
  saved 'links: the address' '^https://www\.washingtonexaminer\.com/\?p=494070#:~:text=' "$home/opened"
else
  unsupported links documentLink 'this Helix does not ask for links'
fi

at 'firmly resolved'
keys Space a
see 'fix: offered' 'Write “determined”'
keys Enter
see 'fix: the word is the source’s again' 'firmly determined to ward off the threat'
gone 'fix: the finding goes' 'resolved'

at 'their delegation came to Moscow'
keys Space a
see 'support: a passage that speaks to the sentence' 'Passage: suchkov2021, ¶ 4: “It is in this context'
keys Enter
see 'support: its citation in front of the full stop' 'on 9 July \[@suchkov2021, ¶ 4\]\.'
keys u

keys Escape
keys g e
keys o
type_text 'Moscow set its red lines with the delegation [@'
for key in bugajski2021 csactu2021 kalinovsky2024 suchkov2021 tenzer2021; do
  see "completion: offers $key" "$key .*reference"
done
type_text 'such'
sleep 0.5
keys C-n
keys Enter
see 'completion: what is accepted' 'delegation \[@suchkov2021 *\]? *'
type_text ', '
see 'locator: the passages' '¶ 10 '
keys C-n
keys Enter
see 'locator: what is accepted' 'delegation \[@suchkov2021, ¶ [0-9]+'
command_line 'undo'

# The whole of it is looked at on disk: the window is too narrow for such a line.
keys g e
keys o
type_text 'For Moscow it remains “a better option '
see 'quotation: how the source goes on' 'for Moscow than getting militarily'
keys C-n
keys Enter
command_line 'write'
saved 'quotation: what is accepted' '^ *For Moscow it remains “a better option for Moscow than getting .* and huge potential costs” \[@suchkov2021, ¶ 11\]$' "$workspace/$brief"
unsupported ghost inlineCompletion 'this Helix shows no text ahead of the cursor'

at '@suchkov2021, ¶ 8'
keys g d
until_true shows 'The Taliban sought to provide' || fail quote 'source'
at 'setting red lines, rather than exchanging promises' # which selects it
keys Space a
see 'quote: offered in the source' 'Quote the selection at the end of taliban-and-moscow\.md'
keys Enter
command_line 'write-all'
saved 'quote: in the brief' '^“setting red lines, rather than exchanging promises” \[@suchkov2021, ¶ 10\]$' "$workspace/$brief"
command_line 'open seeds/briefs/taliban-and-moscow.md'

command_line 'lsp-workspace-command glossator.check'
keys Space D
see 'check: all findings in the picker' 'unknown-citation +s/b/taliban-and-moscow.md'
keys Escape
printf 'n/a   insert: Helix has no lists for a command to fill; completion after @ needs no key either\n'
printf 'n/a   status: Helix drops what a command answers\n'

at '@suchkov2021'
keys Space r
type_text 'x'
keys Enter
see 'rename: in the brief' '@suchkov2021x'
command_line 'write-all'
saved 'rename: on disk' '@suchkov2021x, ¶ 8' "$workspace/$brief"
saved 'rename: in the library' '^@online\{suchkov2021x,' "$workspace/seeds/library.bib"

add_document
command_line 'open seeds/briefs/weir.md'
at 'left the sluice open'
see 'document: its quotation is checked' 'through” ✓'
keys g d
see 'document: at the words' 'weir\.md.* 15:[0-9]+'
see 'document: the page' '⟦p\. 2⟧'
see 'document: its words' '^ *15 +The night watchman left the sluice open'
keys Space k
see 'document: a card there' 'p\. 2 · weir'
command_line 'quit-all!'

#!/usr/bin/env bash
# Drives a real Neovim in tmux through editors/STEPS.md: NAME=… FAILURES=… neovim/terminal.sh NVIM SERVER WORKSPACE
# WORKSPACE is a copy that may be changed.
set -uo pipefail

nvim=$1
server=$2
workspace=$3
neovim=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$neovim/../terminal.sh"
brief=seeds/briefs/taliban-and-moscow.md
version=$(timeout 20 "$nvim" --version | sed -nE '1s/^NVIM v([0-9]+\.[0-9]+).*/\1/p')

# What users are told to write: all blocks of the README but those for other plugins.
{
  echo 'vim.o.swapfile = false' # of a run that was killed, a swap file stops the next at a prompt
  echo "vim.lsp.config('glossator', { cmd = { '$(tapped "$server")', 'serve' } })"
  awk '/^## Other completion/ { exit } /^```$/ { inside = 0 } inside { print } /^```lua$/ { inside = 1 }' "$neovim/README.md" |
    sed "s|/path/to/glossator/editors/neovim|$neovim|"
  # For the test: marks appear soon, and a link that is opened is shown.
  echo 'vim.o.updatetime = 100'
  echo "vim.ui.open = function(url) vim.notify('opens ' .. url) end"
} >"$home/init.lua"
log_of_editor() { cat "$home"/state/nvim/lsp.log; }

curl=4:3 # straight lines are Neovim's for links

# Leaves the cursor on the first character of the first match of a pattern.
at() {
  keys Escape
  keys Escape
  type_text ':noh|1'
  keys Enter
  type_text "/$1"
  keys Enter
  type_text ':noh'
  keys Enter
  type_text 'zz' # what stands below the line must have room
}
# command TEXT: an Ex command.
command_line() {
  keys Escape
  type_text ":$1"
  keys Enter
}
# Back to the brief alone, as it is in the editor.
back() {
  command_line 'cclose|lclose|only|buffer taliban-and-moscow.md'
}

start "cd '$workspace' && XDG_CONFIG_HOME='$home' XDG_DATA_HOME='$home' XDG_STATE_HOME='$home/state' XDG_CACHE_HOME='$home' \
  '$nvim' --clean -u '$home/init.lua' '$brief' 2>'$home/errors'"
until_true shows 'The question' || fail opens 'brief'

at '@kalinovski2024'
# Neovim opens no window for a finding that has not come yet.
until_true shows 'Unknown citation key kalinovski2024' || fail finding 'at the end of the line'
keys C-w d
see 'finding: with the key that is meant' 'you mean kalinovsky2024'
see_underlined 'finding: at the key and nowhere beside it' '@?kalinovski2024'
at 'resolved to ward'
keys C-w d
see 'misquote: the source’s word' 'The source has “determined” here, not “resolved”'
see_underlined 'misquote: at the changed word and nowhere beside it' 'resolved'

at '@suchkov2021'
keys K
see 'card: the outlet' 'Middle East Institute'
see 'card: the author' 'Maxim Suchkov'
at '¶ 8\]'
keys K
see 'passage: the paragraph of the locator' 'reassurances on all four items'
at 'resolved to ward'
keys K
see 'verdict: altered' 'Altered.* from '
see 'verdict: both words' 'you: “resolved” · source: “.*determined.*”'

at 'ISIS-Khorasan had'
keys K
see 'name: its other names' 'Also: ISIS-K, ISIS-Khorasan'
see 'name: where it is mentioned' 'Mentioned 5 times: kalinovsky2024 \(5\)'

at '@suchkov2021, ¶ 8'
keys C-]
see 'go-to: suchkov2021 ¶ 8, the file' '004_d0ffb78fef87c962\.txt'
see 'go-to: suchkov2021 ¶ 8, the line' ' 10,1[- ]'
see 'go-to: its words' '^ ?(¶ 8)? *The Taliban sought to provide reassurances'
keys C-o
see 'go-to: and back' 'taliban-and-moscow\.md .* 21,2 '
at '@csactu2021, ¶ 6'
keys C-]
see 'go-to: csactu2021 ¶ 6, the file' '003_13e63dcbeaa9edbd\.txt'
see 'go-to: csactu2021 ¶ 6, the line' ' 18,1[- ]'
back

at '@suchkov2021'
keys g r D
see 'entry: the library' 'seeds/library\.bib'
see 'entry: its lines' '@online\{suchkov2021,'
back

at '@bugajski2021'
keys g r r
see 'references: a list of five citations and the entry' 'library\.bib\|.*bugajski2021'
[[ $(screen | grep -cE '^seeds/briefs/taliban-and-moscow\.md\|[0-9]+ col') -eq 5 ]] && ok 'references: five in the brief' || fail references 'five lines of the brief'
back

at '@suchkov2021'
# Whose background is not the terminal's.
highlighted() { [[ $(paint '@suchkov2021' | grep -cE '(^|;)(48;[0-9;]+|4[0-7]|10[0-7]|7)(;|$)') -ge 3 ]]; }
if until_true highlighted; then ok 'highlight: the other citations of the key'; else
  paint '@suchkov2021'
  fail highlight 'marked citations'
fi

command_line 'lua vim.lsp.buf.document_symbol()'
see 'outline: a heading' '\|.*A defeat for whom\?'
see 'outline: a quotation' '\|.*we don’t hold official'
back

command_line "lua vim.lsp.buf.workspace_symbol('tenzer')"
see 'find: a source by its author' '001_947c14ff7540f0f0\.txt\|.*tenzer2021'
back

at '@suchkov2021'
see 'hints: a mark behind a quotation' 'official ones” ✓'
see 'hints: a mark behind the misquote' '” ✗'
gone 'hints: none behind a key that holds author and year' '@suchkov2021 +Suchkov'
at 'Before the fall'
see 'lens: counts above a heading' '[0-9]+ citations'

key_differs() {
  local key beside
  key=$(paint '@tenzer2021' | head -n 1)
  beside=$(paint 'puts the start' | head -n 1)
  [[ -n $key && $key != "$beside" ]]
}
at '@tenzer2021'
if until_true key_differs; then ok 'tokens: a key in another colour'; else fail tokens 'colour at @tenzer2021'; fi

if [[ $version = 0.11 ]]; then
  unsupported selection selectionRange 'vim.lsp.buf.selection_range is new in Neovim 0.12'
  unsupported links documentLink 'gx asks servers for links from Neovim 0.12 on'
else
  at 'tenzer2021, ¶ 13'
  keys v
  keys Enter
  keys Enter
  keys Enter
  keys y
  command_line "echo '<' . getreg('\"') . '>'"
  see 'selection: from the key over the citation to its part' '^<@tenzer2021, ¶ 13>'
  keys v
  keys Enter
  keys Enter
  keys Enter
  keys y
  command_line "echo '<' . getreg('\"') . '>'"
  see 'selection: to the bracket' '^<\[see @tenzer2021, ¶ 13\]>'
  at '@bugajski2021'
  keys g x
  see 'links: the address' 'opens https://www\.washingtonexaminer\.com/\?p=494070#:~:text='
fi

# The text of a source: the server must be asked there, too.
at '@suchkov2021, ¶ 8'
keys C-]
see 'source: open' '^ ?(¶ 8)? *The Taliban sought to provide reassurances'
see 'hints: the number before a passage' '¶ 8 +The Taliban sought'
see 'lens: above a cited passage' 'cited [0-9a-z]+'
keys K
see 'source: a card on the passage' '¶ 8.* of 11'
keys Escape
keys g r r
see 'source: who cites this passage' 'taliban-and-moscow\.md\|.*suchkov2021, ¶ 8'
command_line 'cclose'
keys g O
see 'source: its passages' '\|.*¶ 8'
command_line 'lclose|cclose'
keys G
shows_furniture() { shows 'Photo by Sergei Savostyanov'; }
until_true shows_furniture || fail folds 'furniture'
type_text 'zc'
see 'folds: the furniture' '^ ?\+--.*lines: Maxim Suchkov is non-resident scholar'
shows 'Photo by Sergei Savostyanov' && fail folds 'hidden furniture'
back

at 'resolved to ward'
keys g r a
see 'fix: offered' 'Write “determined”'
type_text '1'
keys Enter
see 'fix: the word is the source’s again' 'firmly determined to ward off the threat'
gone 'fix: the finding goes' 'The source has “determined”'
back

at 'their delegation came to Moscow'
keys g r a
see 'support: a passage that speaks to the sentence' '[0-9]+: Passage: suchkov2021, ¶ 4: “It is in this context'
type_text "$(screen | sed -nE 's/^ *([0-9]+): Passage: suchkov2021, ¶ 4: .*/\1/p' | head -n 1)"
keys Enter
see 'support: its citation in front of the full stop' 'on 9 July \[@suchkov2021, ¶ 4\]\.'
command_line 'undo'
back

# The popup menu opens by itself.
keys Escape
keys G
type_text 'o'
keys Enter
type_text 'Moscow set its red lines with the delegation [@'
for key in bugajski2021 csactu2021 kalinovsky2024 suchkov2021 tenzer2021; do
  see "completion: offers $key" " $key +(Reference|Text|Value|.*[A-Z])"
done
type_text 'such'
sleep 0.5
keys C-n
keys C-y
see 'completion: what is accepted' '^ *Moscow set its red lines with the delegation \[@suchkov2021\]? *$'
type_text ', '
see 'locator: the passages' '¶ 9 .*If these were only packaged'
keys C-n
keys C-y
see 'locator: what is accepted' '\[@suchkov2021, ¶ [0-9]+'
command_line 'undo'

# A quotation that is begun. The whole of it is looked at on disk: the window is too narrow for such a line.
finished='“a better option for Moscow than getting .* and huge potential costs” \[@suchkov2021, ¶ 11\]$'
# line TEXT: typed as a paragraph of its own at the end of the brief.
line() {
  keys Escape
  keys G
  type_text 'o'
  keys Enter
  type_text "$1"
}
line 'For Moscow it remains “a better option '
see 'quotation: how the source goes on' 'for Moscow than getting militarily … huge potential costs'
keys C-n
keys C-y
command_line 'write'
saved 'quotation: what is accepted' "^ *For Moscow it remains $finished" "$workspace/$brief"
if [[ $version = 0.11 ]]; then
  unsupported ghost inlineCompletion 'vim.lsp.inline_completion is new in Neovim 0.12'
else
  line 'He calls it “a better option '
  see 'ghost: shown behind the cursor' 'He calls it “a better option for Moscow than getting militarily involved'
  keys Tab
  command_line 'write'
  saved 'ghost: what is taken' "^ *He calls it $finished" "$workspace/$brief"
fi

at '@suchkov2021, ¶ 8'
keys C-]
until_true shows '^ ?(¶ 8)? *The Taliban sought to provide' || fail quote 'source'
at 'setting red lines'
keys v
type_text '/promises/e'
keys Enter
type_text ':GlossatorQuote' # Visual mode puts '<,'> in front
keys Enter
see 'quote: tells what it has copied' 'copied “setting red lines, rather than exchanging promises” \[@suchkov2021, ¶ 10\]'
back
line 'The talk was about '
keys Escape
type_text 'p'
command_line 'write'
saved 'quote: in the brief' '^ *The talk was about “setting red lines, rather than exchanging promises” \[@suchkov2021, ¶ 10\]$' "$workspace/$brief"

# The commands.
at '@suchkov2021, ¶ 8'
keys K
at 'Behind closed doors'
command_line 'GlossatorInsertCitation red lines exchanging promises'
see 'insert: a list, with the beginning of the passage' '1: suchkov2021, ¶ 10 .*Suchkov'
type_text '1'
keys Enter
see 'insert: written behind the cursor' '\[@suchkov2021, ¶ 10\]'
command_line 'undo'
command_line 'GlossatorCheck'
see 'check: a list of all findings' 'taliban-and-moscow\.md\|8[0-9] col .*\[unknown-citation\]'
command_line 'cclose'
command_line 'GlossatorStatus'
see 'status: what is indexed' '5 sources, [0-9]+ passages, 1 briefs?'
see 'status: the library' 'seeds/library.bib, 5 entries'

at '@suchkov2021'
keys g r n
type_text 'x'
keys Enter
see 'rename: in the brief' '@suchkov2021x'
command_line 'wall'
saved 'rename: on disk' '@suchkov2021x, ¶ 8' "$workspace/$brief"
saved 'rename: in the library' '^@online\{suchkov2021x,' "$workspace/seeds/library.bib"

add_document
command_line 'edit seeds/briefs/weir.md'
at 'left the sluice open'
see 'document: its quotation is checked' 'through” ✓'
keys C-]
see 'document: at the words' ' 15,20[- ]'
see 'document: the page' '⟦p\. 2⟧'
see 'document: its words' 'The night watchman left the sluice open'
keys K
see 'document: a card there' 'p\. 2 · weir'
command_line 'qall!'

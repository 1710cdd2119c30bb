#!/usr/bin/env bash
# Drives a real Emacs in tmux through editors/STEPS.md: NAME=… FAILURES=… emacs/terminal.sh EMACS SERVER WORKSPACE
# WORKSPACE is a copy that may be changed.
set -uo pipefail

emacs=$1
server=$2
workspace=$3
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$folder/../terminal.sh"
brief=seeds/briefs/taliban-and-moscow.md

# What users are told to write, with the server's path put in.
{
  awk '/^```$/ { inside = 0 } inside { print } /^```elisp$/ { inside = 1 }' "$folder/../README.md" |
    sed "s|/path/to/glossator/editors/emacs|$folder|"
  printf '(setq glossator-program "%s")\n' "$(tapped "$server")"
  # For the test: no start page, no files beside ours, soon.
  printf '(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil eldoc-idle-delay 0.1)\n'
  printf '(setq use-short-answers t xref-prompt-for-identifier nil)\n'
  printf '(setq browse-url-browser-function (lambda (url &rest _) (message "opens %%s" url)))\n'
} >"$home/init.el"
log_of_editor() { tail -c 3000 "$home/errors"; }

# asked PATTERN: waits for a question in the last line, and lets what is typed next be its answer.
asked() { until_true shows "^$1" || fail asked "$1"; }
run() { # COMMAND: by its name, as M-x
  keys M-x
  asked 'M-x'
  type_text "$1"
  keys Enter
}
# Leaves point on the first character of the first match.
at() {
  keys C-g
  run 'glossator-test-at'
  asked 'Text:'
  type_text "$1"
  keys Enter
}
# told STEP PATTERN: waits until ElDoc tells something at point. Another message may take its line in the meantime, for
# good, so point is moved back and forth.
tells() {
  shows "$1" && return
  keys C-b
  keys C-f
  sleep 0.4
  shows "$1"
}
told() { if until_true tells "$2"; then ok "$1"; else fail "$1" "$2"; fi; }
cat >>"$home/init.el" <<'EL'
(defun glossator-test-at (text)
  (interactive "sText: ")
  (delete-other-windows)
  (switch-to-buffer "taliban-and-moscow.md")
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0))
  (recenter))
EL

start "cd '$workspace' && HOME='$home' XDG_CONFIG_HOME='$home' '$emacs' -Q -nw -l '$home/init.el' '$brief' 2>'$home/errors'"
until_true shows 'The question' || fail opens 'brief'
until_true shows 'hints|EGLOT|eglot:|\[eglot' || fail opens 'server'

at '@kalinovski2024'
run 'flymake-show-buffer-diagnostics'
see 'finding: with the key that is meant' 'Did you mean kalinovsky2024'
at '@kalinovski2024'
see_underlined 'finding: at the key and nowhere beside it' '@?kalinovski2024'
at 'resolved to ward'
keys C-f
told 'misquote: the source’s word' 'The source has “determined” here, not “resolved”'
see_underlined 'misquote: at the changed word and nowhere beside it' 'resolved'

at 'suchkov2021'
keys C-h .
see 'card: the outlet' 'Middle East Institute'
see 'card: the author' 'Maxim Suchkov'
at '¶ 8]'
keys C-h .
see 'passage: the paragraph of the locator' 'reassurances on all four items'
at 'resolved to ward'
keys C-h .
see 'verdict: altered' 'Altered.* from '
see 'verdict: both words' 'you: “resolved” · source: “.*determined.*”'
at 'ISIS-Khorasan had'
keys C-h .
see 'name: its other names' 'Also: ISIS-K, ISIS-Khorasan'
see 'name: where it is mentioned' 'Mentioned 5 times: kalinovsky2024 \(5\)'

at 'suchkov2021, ¶ 8'
keys M-.
see 'go-to: suchkov2021 ¶ 8, the file and line' '004_d0ffb78fef87c962\.txt.* L10 '
see 'go-to: its words' '^ *(¶ 8)? *The Taliban sought to provide reassurances'
keys M-,
see 'go-to: and back' 'taliban-and-moscow\.md.* L21 '
at 'csactu2021, ¶ 6'
keys M-.
see 'go-to: csactu2021 ¶ 6' '003_13e63dcbeaa9edbd\.txt.* L18 '

at 'suchkov2021'
run 'eglot-find-declaration'
see 'entry: the library' 'library\.bib'
see 'entry: its lines' '@online\{suchkov2021,'

at 'bugajski2021'
keys M-?
see 'references: a list with the entry' 'library\.bib'
[[ $(screen | grep -cE '^ *[0-9]+: *.*@bugajski2021') -eq 5 ]] && ok 'references: five in the brief' || fail references 'five lines of the brief'

at 'suchkov2021'
keys C-f
bold() { paint "$1" | grep -cE '(^|;)1(;|$)'; }
highlighted() { [[ $(bold 'suchkov2021') -ge 3 && $(bold 'tenzer2021') -eq 0 ]]; }
if until_true highlighted; then ok 'highlight: the other citations of the key'; else
  paint 'suchkov2021'
  fail highlight 'marked citations'
fi

at 'suchkov2021'
run imenu
asked 'Index item'
type_text 'A.def' # a blank would complete a word
keys Tab
see 'outline: a heading' '^Index item.*: A.defeat.for.whom'
keys C-g
keys C-g
at 'suchkov2021'
run 'xref-find-apropos'
asked 'Search for pattern'
type_text 'tenzer'
keys Enter
see 'find: a source by its author' '^seeds/001_947c14ff7540f0f0\.txt'

at 'suchkov2021'
see 'hints: a mark behind a quotation' 'official ones” ✓'
see 'hints: a mark behind the misquote' '” ✗'
gone 'hints: none behind a key that holds author and year' '@suchkov2021 +Suchkov'

unsupported lens codeLens 'Eglot does not ask for code lenses'
unsupported folds foldingRange 'Eglot does not ask for folds'
unsupported selection selectionRange 'Eglot does not ask for selections'
unsupported links documentLink 'Eglot does not ask for links'
if grep -aq '"semanticTokens":' "$home/sent"; then
  key_differs() { [[ $(paint '@tenzer2021' | head -n 1) != "$(paint 'puts the start' | head -n 1)" ]]; }
  at '@tenzer2021'
  if until_true key_differs; then ok 'tokens: a key in another colour'; else fail tokens 'colour at @tenzer2021'; fi
else
  unsupported tokens semanticTokens 'this Eglot does not ask for semantic tokens'
fi

# The text of a source.
at 'suchkov2021, ¶ 8'
keys M-.
see 'source: open' '^ *(¶ 8)? *The Taliban sought to provide reassurances'
see 'hints: the number before a passage' '¶ 8 +The Taliban sought'
keys C-h .
see 'source: a card on the passage' '¶ 8.* of 11'
keys C-x 1
run imenu
asked 'Index item'
type_text '¶ 8'
keys Tab
see 'source: its passages' '^Index item.*: ¶.8.The.Taliban.sought'
keys C-g
keys C-g
keys M-?
see 'source: who cites this passage' '^21: *.*suchkov2021, ¶ 8'
keys C-g

at 'resolved to ward'
run 'eglot-code-actions'
see 'fix: offered' 'Write “determined”'
keys Enter
see 'fix: the word is the source’s again' 'firmly determined to ward off the threat'
at 'determined to ward'
keys C-f
gone 'fix: the finding goes' 'The source has “determined”'

at 'their delegation came to Moscow'
run 'eglot-code-actions'
see 'support: a passage that speaks to the sentence' 'Passage: suchkov2021, ¶ 4: “It is in this context'
keys Enter
see 'support: its citation in front of the full stop' 'on 9 July \[@suchkov2021, ¶ 4\]\.'
keys C-_

at 'purpose: the second part'
keys M-\>
keys Enter
type_text 'Moscow set its red lines with the delegation [@'
for key in bugajski2021 csactu2021 kalinovsky2024 suchkov2021 tenzer2021; do
  see "completion: offers $key" "$key +[A-Z]"
done
type_text 'such'
keys Enter
see 'completion: what is accepted' 'delegation \[@suchkov2021 *\]? *$'
type_text ', '
see 'locator: the passages' '¶ 10 '
keys M-n
keys Enter
see 'locator: what is accepted' 'delegation \[@suchkov2021, ¶ [0-9]+'

# The whole of it is looked at on disk: the window is too narrow for such a line.
keys M-\>
keys Enter
keys Enter # the paragraph before cites the source already
type_text 'For Moscow it remains “a better option '
see 'quotation: how the source goes on' 'for Moscow than getting militarily … huge potential costs'
keys Enter
keys C-x C-s
saved 'quotation: what is accepted' '^ *For Moscow it remains “a better option for Moscow than getting .* and huge potential costs” \[@suchkov2021, ¶ 11\]$' "$workspace/$brief"
unsupported ghost inlineCompletion 'Eglot shows no text ahead of point'

at 'suchkov2021, ¶ 8'
keys M-.
until_true shows '^ *(¶ 8)? *The Taliban sought to provide' || fail quote 'source'
keys C-s
type_text 'setting red lines'
keys Enter
keys M-b
keys M-b
keys M-b
keys C-Space
keys C-s
type_text 'promises'
keys Enter
run 'glossator-quote'
see 'quote: tells what it has copied' 'Copied “setting red lines, rather than exchanging promises” \[@suchkov2021, ¶ 10\]'
at 'purpose: the second part'
keys M-\>
keys Enter
keys Enter
type_text 'The talk was about '
keys C-y
keys C-x C-s
saved 'quote: in the brief' '^ *The talk was about “setting red lines, rather than exchanging promises” \[@suchkov2021, ¶ 10\]$' "$workspace/$brief"

at 'Behind closed doors'
run 'glossator-insert-citation'
asked 'Words'
type_text 'red lines exchanging promises'
keys Enter
asked 'Cite:'
type_text 'suchkov2021, ¶ 10'
keys Tab
see 'insert: a list, with the beginning of the passage' 'suchkov2021, ¶ 10 +Suchkov'
keys Enter
see 'insert: written at the place' '\[@suchkov2021, ¶ 10\]'
keys C-_
run 'glossator-check'
see 'check: a list of all findings' 'taliban-and-moscow.*Unknown citation key kalinovski2024'
at 'suchkov2021'
run 'glossator-status'
see 'status: what is indexed' '5 sources, [0-9]+ passages, 1 briefs?'
see 'status: the library' 'seeds/library.bib, 5 entries'

at 'suchkov2021'
run 'eglot-rename'
asked 'Rename'
type_text 'suchkov2021x'
keys Enter
see 'rename: in the brief' '@suchkov2021x'
run 'save-some-buffers'
asked 'Save file'
type_text '!'
saved 'rename: on disk' '@suchkov2021x, ¶ 8' "$workspace/$brief"
saved 'rename: in the library' '^@online\{suchkov2021x,' "$workspace/seeds/library.bib"

add_document
keys C-x C-f
asked 'Find file'
type_text "$workspace/seeds/briefs/weir.md"
keys Enter
see 'document: its quotation is checked' 'through” ✓'
keys C-s
type_text 'left the sluice'
keys Enter
keys M-.
see 'document: at the words' 'weir\.md.* L15 '
see 'document: the page' '⟦p\. 2⟧'
see 'document: its words' 'The night watchman left the sluice open'
keys C-h .
see 'document: a card there' 'p\. 2 · weir'
run 'kill-emacs'

-- Drives a real Neovim over the bundled workspace; editors/test.sh starts it:
--   nvim --headless --clean --cmd 'set rtp^=PLUGIN' -l PLUGIN/test.lua SERVER
-- in a copy of the workspace that has the misquote of editors/STEPS.md. Prints a line for each step and ends with 0 only if
-- every step was right.

local WAIT = 20000 -- milliseconds; a debug build on a loaded machine has needed seconds for its first answer
local server = assert(_G.arg[1], 'usage: test.lua SERVER')
local BRIEF = 'seeds/briefs/taliban-and-moscow.md'
local KEYS = { 'bugajski2021', 'csactu2021', 'kalinovsky2024', 'suchkov2021', 'tenzer2021' }

local failed = false
local function check(ok, what, seen)
  io.stdout:write(ok and 'ok    ' or 'FAIL  ', what, '\n')
  if not ok then
    failed = true
    if seen ~= nil then
      io.stdout:write('      seen: ', type(seen) == 'string' and seen or vim.inspect(seen), '\n')
    end
  end
  return ok
end
local function finish()
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop(true)
  end
  io.stdout:flush()
  os.exit(failed and 1 or 0)
end

-- A swap file that a killed run left would stop a headless run at a prompt.
vim.o.swapfile = false
-- Definition must be able to leave the brief while its buffer is changed.
vim.o.hidden = true
vim.cmd('filetype on')
-- Without the program somebody must say so.
local told = {}
vim.notify_once = function(message)
  told[#told + 1] = message
end
vim.cmd.edit(BRIEF)
check(#told == 0, 'who does not enable it is told nothing', told)
vim.lsp.config('glossator', { cmd = { '/nowhere/glossator', 'serve' } })
vim.lsp.enable('glossator')
vim.cmd.edit(BRIEF)
check(#told > 0 and told[1]:find('no program /nowhere/glossator; see :checkhealth glossator', 1, true) and told[1]:find('To install it: cargo install', 1, true), 'a missing program is told', told)
vim.lsp.config('glossator', { cmd = { server, 'serve' } })
told = {}
vim.cmd.edit(BRIEF)
check(#told == 0, 'one that is there is not', told)
local brief = vim.api.nvim_get_current_buf()

local function client()
  return vim.lsp.get_clients({ bufnr = brief, name = 'glossator' })[1]
end
if not check(vim.wait(WAIT, function()
  local found = client()
  return found ~= nil and found.initialized == true
end, 20), 'the server starts for a Markdown file') then
  finish()
end
local root = vim.uv.fs_realpath('.')
check(client().root_dir and vim.uv.fs_realpath(client().root_dir) == root, 'glossator.toml marks the root', client().root_dir)

-- Line (from 1) and column (bytes, from 0) of the first `text` after the first `before`.
local function place(text, before)
  local lines = vim.api.nvim_buf_get_lines(brief, 0, -1, false)
  local seen = before == nil
  for row, line in ipairs(lines) do
    local from = 1
    if not seen then
      local _, stop = line:find(before, 1, true)
      if stop then
        seen, from = true, stop + 1
      end
    end
    local column = seen and line:find(text, from, true)
    if column then
      return row, column - 1
    end
  end
  error('the brief no longer holds: ' .. text)
end
local function put_cursor(text, offset, before)
  vim.api.nvim_set_current_buf(brief)
  local row, column = place(text, before)
  vim.api.nvim_win_set_cursor(0, { row, column + offset })
end

-- Findings. They also tell that the first load is over.
local function codes()
  local set = {}
  for _, finding in ipairs(vim.diagnostic.get(brief)) do
    if finding.source == 'glossator' then
      set[tostring(finding.code)] = finding
    end
  end
  return set
end
check(vim.wait(WAIT, function()
  return codes()['unknown-citation'] ~= nil
end, 20), 'a finding: unknown-citation', vim.diagnostic.get(brief))
local found = codes()
for _, code in ipairs({ 'locator-out-of-range', 'citation-part-without-key', 'altered-quotation' }) do
  check(found[code] ~= nil, 'a finding: ' .. code, vim.tbl_keys(found))
end
if found['unknown-citation'] then
  local row = place('@kalinovski2024')
  check(found['unknown-citation'].lnum == row - 1, 'it stands at the misspelt key', found['unknown-citation'].lnum + 1)
end

local altered = found['altered-quotation']
if altered then
  local row, column = place('resolved', 'firmly ')
  check(
    altered.lnum == row - 1 and altered.col == column and altered.end_col == column + #'resolved',
    'the misquote stands at the changed word',
    { altered.lnum + 1, altered.col, altered.end_col }
  )
end

-- Hover: what `K` does opens a real floating window.
local function hover_text()
  vim.lsp.buf.hover()
  local window
  vim.wait(WAIT, function()
    for _, candidate in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(candidate).relative ~= '' then
        window = candidate
        return true
      end
    end
    return false
  end, 20)
  if not window then
    return ''
  end
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  vim.api.nvim_win_close(window, true)
  return text
end
put_cursor('@suchkov2021', 3)
local card = hover_text()
check(card:find('Suchkov', 1, true) and card:find('Middle East Institute', 1, true), 'hover on a key shows author and outlet', card)
put_cursor('¶ 8]', 0, '@suchkov2021, ')
local passage = hover_text()
check(passage:find('reassurances', 1, true), 'hover on a locator shows the passage', passage)

-- Definition: what `gd` or CTRL-] do moves the cursor.
local function jump(text, offset, before)
  put_cursor(text, offset, before)
  local from = vim.api.nvim_win_get_cursor(0)
  vim.lsp.buf.definition()
  vim.wait(WAIT, function()
    local at = vim.api.nvim_win_get_cursor(0)
    return vim.api.nvim_get_current_buf() ~= brief or at[1] ~= from[1] or at[2] ~= from[2]
  end, 20)
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ':t')
  return name .. ':' .. vim.api.nvim_win_get_cursor(0)[1]
end
-- The eighth numbered paragraph of this source is line 10 of its file: two headings stand before it.
local target = jump('@suchkov2021, ¶ 8', 3)
check(target == '004_d0ffb78fef87c962.txt:10', 'definition of a key with a locator', target)
-- The block quotation after the fifth paragraph counts: ¶ 6 is line 18.
target = jump('@csactu2021, ¶ 6', 3)
check(target == '003_13e63dcbeaa9edbd.txt:18', 'definition across blank lines and headings', target)

-- Completion, as Neovim asks for it: `@` at the end of an unfinished sentence.
vim.api.nvim_set_current_buf(brief)
local last = vim.api.nvim_buf_line_count(brief)
vim.api.nvim_buf_set_lines(brief, last, last, false, { '', 'Moscow set its red lines with the delegation [@' })
vim.api.nvim_win_set_cursor(0, { last + 2, #'Moscow set its red lines with the delegation [@' })
-- Normal mode keeps the cursor on the last character; the position asked for is the one behind it.
local params = vim.lsp.util.make_position_params(0, client().offset_encoding)
params.position = { line = last + 1, character = #'Moscow set its red lines with the delegation [@' }
local answer = client():request_sync('textDocument/completion', params, WAIT, brief)
local result = answer and answer.result or {}
local labels = {}
for _, candidate in ipairs(result.items or result) do
  labels[#labels + 1] = candidate.label:match('^%S+') -- without label details the rest says what the source is
end
table.sort(labels)
check(vim.deep_equal(labels, KEYS), 'completion after [@ offers the five keys', labels)

vim.cmd('silent undo')

-- Declaration: the entry in the library.
put_cursor('@suchkov2021', 3)
vim.lsp.buf.declaration()
vim.wait(WAIT, function()
  return vim.api.nvim_get_current_buf() ~= brief
end, 20)
check(
  vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ':t') == 'library.bib'
    and vim.api.nvim_get_current_line():find('suchkov2021', 1, true),
  'declaration of a key is its entry',
  vim.api.nvim_get_current_line()
)

-- The commands.
put_cursor('@csactu2021, ¶ 6', 3)
vim.cmd('GlossatorSource')
vim.wait(WAIT, function()
  return vim.api.nvim_get_current_buf() ~= brief
end, 20)
target = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ':t') .. ':' .. vim.api.nvim_win_get_cursor(0)[1]
check(
  target == '003_13e63dcbeaa9edbd.txt:18' and #vim.api.nvim_tabpage_list_wins(0) == 2,
  ':GlossatorSource opens the passage in a split',
  target
)
vim.cmd('only')

-- Citing: a list of sources and passages, in which the test chooses by the label.
vim.api.nvim_set_current_buf(brief)
local offered, wanted = {}, 'suchkov2021  '
vim.ui.select = function(items, options, choose)
  offered = vim.tbl_map(options.format_item, items)
  for _, item in ipairs(items) do
    if vim.startswith(item.text, wanted) then
      return choose(item)
    end
  end
end
local function cite(line, column, words)
  last = vim.api.nvim_buf_line_count(brief)
  vim.api.nvim_buf_set_lines(brief, last, last, false, { '', line })
  vim.api.nvim_win_set_cursor(0, { last + 2, column or #line })
  vim.cmd('GlossatorInsertCitation ' .. words)
  vim.wait(WAIT, function()
    return vim.api.nvim_buf_get_lines(brief, last + 1, last + 2, false)[1] ~= line
  end, 20)
  local written = vim.api.nvim_buf_get_lines(brief, last + 1, last + 2, false)[1]
  vim.api.nvim_buf_set_lines(brief, last, last + 2, false, {})
  return written
end
vim.g.glossator_picker = 'select'
local written = cite('Die Lage — ungewiß ', nil, 'suchkov')
check(written == 'Die Lage — ungewiß [@suchkov2021]', ':GlossatorInsertCitation writes the citation', written)
written = cite('Die Lage [@csactu2021] — ungewiß', #'Die Lage [@csactu202', 'suchkov')
check(
  written == 'Die Lage [@csactu2021; @suchkov2021] — ungewiß',
  ':GlossatorInsertCitation adds to the bracket that is open',
  written
)
wanted = 'suchkov2021, ¶ 10  '
written = cite('It was about red lines, not promises.', nil, '')
check(
  written == 'It was about red lines, not promises. [@suchkov2021, ¶ 10]',
  ':GlossatorInsertCitation offers what fits the sentence',
  written
)
check(vim.iter(offered):any(function(line)
  return line:find('suchkov2021, ¶ 10  Suchkov · Middle East Institute · 2021  The bitter lesson', 1, true) == 1
end), 'with the beginning of the passage', offered)

-- Finding: a place by words, and the way back.
wanted = 'suchkov2021 · '
vim.cmd('GlossatorFind suchkov')
vim.wait(WAIT, function()
  return vim.api.nvim_get_current_buf() ~= brief
end, 20)
local arrived_at = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ':t')
check(arrived_at == '004_d0ffb78fef87c962.txt', ':GlossatorFind goes to a source', { arrived_at, offered })
vim.api.nvim_set_current_buf(brief)

-- The fix: what `gra` does, with its action taken.
put_cursor('resolved', 2, 'firmly ')
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action)
    return action.title:find('Write “determined”', 1, true) ~= nil
  end,
})
check(vim.wait(WAIT, function()
  return vim.api.nvim_get_current_line():find('firmly determined to ward off', 1, true) ~= nil
end, 20), 'the fix writes the source’s word', vim.api.nvim_get_current_line())
check(vim.wait(WAIT, function()
  return codes()['altered-quotation'] == nil
end, 20), 'and the finding goes', codes())

-- What is open is checked as it is in the editor: the misquote is on disk still, but no longer here.
local checked = false
require('glossator').check({ done = function()
  checked = true
end })
check(vim.wait(WAIT, function()
  return checked
end, 20), ':GlossatorCheck answers')
local entries = {}
for _, entry in ipairs(vim.fn.getqflist()) do
  local text = vim.fn.getbufline(entry.bufnr, entry.lnum)[1]
    or vim.fn.readfile(vim.api.nvim_buf_get_name(entry.bufnr))[entry.lnum]
  entries[#entries + 1] = entry.text:match('%[([%a-]+)%]$') .. ' ' .. entry.lnum .. ' ' .. text:sub(entry.col, entry.end_col - 1)
end
check(#entries == 3 and vim.fn.exists(':GlossatorCheck') == 2, ':GlossatorCheck lists the three findings', entries)
check(
  entries[1] == 'unknown-citation 82 @kalinovski2024' or entries[1] == 'unknown-citation 82 kalinovski2024',
  'an entry covers the key',
  entries
)

-- Quoting: lines of a source; in a brief there is nothing to quote.
vim.cmd.edit('seeds/004_d0ffb78fef87c962.txt')
vim.wait(WAIT, function()
  return #vim.lsp.get_clients({ bufnr = 0, name = 'glossator' }) > 0
end, 20)
local function copied(command)
  vim.fn.setreg('"', '')
  local told
  local notify = vim.notify
  vim.notify = function(message)
    told = message
  end
  vim.cmd(command)
  vim.wait(WAIT, function()
    return told ~= nil
  end, 20)
  vim.notify = notify
  return vim.fn.getreg('"'), told
end
local quoted = copied('9,10GlossatorQuote')
check(
  quoted:find('^> Amb%. Zamir Kabulov') and quoted:find('\n>\n> The Taliban sought') and quoted:find('%[@suchkov2021, ¶ 7%-8%]\n$'),
  ':GlossatorQuote makes a block quotation of two paragraphs',
  quoted
)
vim.api.nvim_set_current_buf(brief)
local none, told = copied('1GlossatorQuote')
check(none == '' and told and told:find('no words of a source', 1, true), ':GlossatorQuote says so where nothing can be quoted', told)

-- A text joins where it may be a source, and is left alone elsewhere.
local function served(path)
  vim.cmd.edit(path)
  local buffer = vim.api.nvim_get_current_buf()
  vim.wait(500, function()
    return #vim.lsp.get_clients({ bufnr = buffer }) > 0
  end, 20)
  return #vim.lsp.get_clients({ bufnr = buffer, name = 'glossator' })
end
check(served('seeds/004_d0ffb78fef87c962.txt') == 1, 'the text of a source is served')
check(served('seeds/library.bib') == 1, 'a library is served')
check(#vim.lsp.get_clients({ name = 'glossator' }) == 1, 'by the one server that runs')
local elsewhere = vim.fn.tempname()
vim.fn.mkdir(elsewhere)
vim.fn.writefile({ 'A text that nobody cites.' }, elsewhere .. '/notes.txt')
check(served(elsewhere .. '/notes.txt') == 0, 'a text elsewhere is left alone')
vim.fn.writefile({ '@online{a,}' }, elsewhere .. '/.gitignore')
vim.fn.mkdir(elsewhere .. '/.git')
check(served(elsewhere .. '/notes.txt') == 0, 'also in a repository without a library')

-- What is indexed.
vim.api.nvim_set_current_buf(brief)
vim.cmd('GlossatorStatus')
local status = ''
vim.wait(WAIT, function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      status = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      vim.api.nvim_win_close(window, true)
      return true
    end
  end
  return false
end, 20)
check(status:find('5 sources', 1, true) and status:find('library.bib, 5 entries', 1, true), ':GlossatorStatus tells what is indexed', status)

check(status:find('Sources:.*suchkov2021 · 11 passages'), ':GlossatorStatus lists the sources', status)

-- The browser is not there in a test: what would be opened is looked at.
local opened
local open = vim.ui.open
vim.ui.open = function(address)
  opened = address
  return { wait = function() return { code = 0 } end }, nil
end
vim.api.nvim_set_current_buf(brief)
vim.cmd('GlossatorReview')
vim.wait(WAIT, function()
  return opened ~= nil
end, 20)
vim.ui.open = open
local page = opened and io.open(vim.uri_to_fname(opened), 'r')
local text = page and page:read('*a') or ''
check(text:find('Review of “The Taliban and Moscow”', 1, true), ':GlossatorReview opens the page of this brief', opened)

-- A folder without a library: Neovim can make one, and shows the entry.
local bare = vim.fn.tempname()
vim.fn.mkdir(bare .. '/sources', 'p')
vim.fn.writefile({}, bare .. '/glossator.toml')
local article = { 'On Piers', '', 'By Ada Moss', 'The Gauge Herald', '4 May 2020', '', 'The pier was closed in the spring of that year, and nobody on the quay knows why.' }
vim.fn.writefile(article, bare .. '/sources/piers.txt')
vim.fn.writefile({ 'Closed [@piers, ¶ 9].' }, bare .. '/brief.md')
vim.cmd.edit(bare .. '/brief.md')
vim.wait(WAIT, function()
  local findings = vim.diagnostic.get(0)
  return #findings > 0
end, 20)
vim.api.nvim_win_set_cursor(0, { 1, 10 })
vim.lsp.buf.definition()
local arrived = vim.wait(WAIT, function()
  return vim.api.nvim_buf_get_name(0):find('piers.txt', 1, true) ~= nil
end, 20)
check(arrived, 'a key leads to its source although the locator names no passage', vim.api.nvim_buf_get_name(0))
vim.cmd.edit(bare .. '/brief.md')
vim.api.nvim_win_set_cursor(0, { 1, 10 })
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action)
    return action.title:find('Create the entry piers in library.bib', 1, true) ~= nil
  end,
})
local shown = vim.wait(WAIT, function()
  return vim.api.nvim_buf_get_name(0):find('library.bib', 1, true) ~= nil
end, 20)
local entry = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check(shown, 'an entry is made where there is no library, and shown', vim.api.nvim_buf_get_name(0))
local printed = entry:find('author = {Ada Moss}', 1, true) and entry:find('organization = {The Gauge Herald}', 1, true) and entry:find('date = {2020-05-04}', 1, true)
check(printed and entry:find('as printed in the text', 1, true), 'with what the text prints', entry)
check(vim.api.nvim_get_current_line():find('@misc{piers,', 1, true), 'the cursor is on it', vim.api.nvim_get_current_line())
vim.cmd('silent! bwipeout! ' .. vim.fn.fnameescape(vim.api.nvim_buf_get_name(0)))

-- Colours: only words that stand in the source look like a string.
vim.api.nvim_set_current_buf(brief)
check(vim.tbl_isempty(vim.api.nvim_get_hl(0, { name = '@lsp.typemod.quotation.wrong' })), 'a misquotation has no colour of a string')
check(vim.api.nvim_get_hl(0, { name = '@lsp.typemod.quotation.verified' }).link == 'String', 'verified words have it')
vim.cmd.colorscheme('habamax')
check(vim.api.nvim_get_hl(0, { name = '@lsp.type.citation' }).link == 'Identifier', 'a colour scheme takes no colour away')

-- :checkhealth and the help tags.
vim.cmd('checkhealth glossator')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check(health:find('a server is running for', 1, true) and not health:find('ERROR', 1, true), ':checkhealth glossator', health)
local helptags = vim.fn.tempname()
vim.fn.mkdir(helptags .. '/doc', 'p')
local plugin = vim.fs.dirname(_G.arg[0])
vim.fn.writefile(vim.fn.readfile(plugin .. '/doc/glossator.txt'), helptags .. '/doc/glossator.txt')
vim.cmd('helptags ' .. vim.fn.fnameescape(helptags .. '/doc'))
local tags = table.concat(vim.fn.readfile(helptags .. '/doc/tags'), '\n')
for _, tag in ipairs({ 'glossator.txt', ':GlossatorInsertCitation', ':GlossatorFind', ':GlossatorSource', ':GlossatorCheck', ':GlossatorQuote', ':GlossatorReview', ':GlossatorStatus' }) do
  check(tags:find(tag, 1, true), 'a help tag: ' .. tag, tags)
end

finish()

-- Drives a real Neovim over the bundled workspace; editors/test.sh starts it:
--   nvim --headless --clean --cmd 'set rtp^=editors/neovim' -l editors/neovim/test.lua SERVER
-- in the repository's root. Prints a line for each step and ends with 0 only if every step was right.

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
vim.lsp.config('glossator', { cmd = { server, 'serve' } })
vim.lsp.enable('glossator')
vim.cmd.edit(BRIEF)
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
for _, code in ipairs({ 'locator-out-of-range', 'citation-part-without-key' }) do
  check(found[code] ~= nil, 'a finding: ' .. code, vim.tbl_keys(found))
end
if found['unknown-citation'] then
  local row = place('@kalinovski2024')
  check(found['unknown-citation'].lnum == row - 1, 'it stands at the misspelt key', found['unknown-citation'].lnum + 1)
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
  labels[#labels + 1] = (candidate.label:gsub('^@', ''))
end
table.sort(labels)
check(vim.deep_equal(labels, KEYS), 'completion after [@ offers the five keys', labels)

finish()

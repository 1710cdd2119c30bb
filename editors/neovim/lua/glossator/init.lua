-- What the commands of plugin/glossator.lua do.
local M = {}

local function tell(message, level)
  vim.notify('Glossator: ' .. message, level or vim.log.levels.INFO)
end

---@return vim.lsp.Client? # the server of the current buffer; nil after the user has been told that there is none
local function attached()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'glossator' })[1]
  if not client then
    tell('no server for this buffer; see :checkhealth glossator', vim.log.levels.WARN)
  end
  return client
end

-- The position of the cursor. In Normal mode the cursor stands on a character, and the place asked for is in front of it.
local function cursor_params(client)
  return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

--- Replaces the bytes [from, to) of a line, counted from 0, and puts the cursor behind them.
local function put(buffer, row, from, to, text)
  vim.api.nvim_buf_set_text(buffer, row, from, row, to, { text })
  if vim.api.nvim_get_current_buf() == buffer then
    -- Normal mode cannot stand behind the last character; Neovim then takes that one.
    vim.api.nvim_win_set_cursor(0, { row + 1, from + #text })
  end
end

--- What a completion item writes, without the marks of a snippet.
local function written(item)
  local text = item.textEdit and item.textEdit.newText or item.insertText or item.label
  if item.insertTextFormat == vim.lsp.protocol.InsertTextFormat.Snippet then
    text = text:gsub('%$%b{}', ''):gsub('%$%d+', '')
  end
  return (text:gsub('^@', ''))
end

--- Lets the user choose among the sources and writes `[@key]` behind the cursor, or `@key` inside a bracket.
---
--- The server is asked as if `[@` had been typed: it is the server that knows what can be cited, and in which order.
function M.insert_citation()
  local client = attached()
  if not client then
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  row = row - 1
  local line = vim.api.nvim_get_current_line()
  if vim.api.nvim_get_mode().mode:sub(1, 1) ~= 'i' and #line > 0 then
    column = column + #vim.fn.strcharpart(line:sub(column + 1), 0, 1)
  end
  local before = line:sub(1, column)
  local inside = before:match('%[[^%]]*$') ~= nil
  local opened, closed = inside and '@' or '[@', inside and '' or ']'

  -- The marks are taken out again before anything is chosen, so that giving up leaves the text as it was.
  put(buffer, row, column, column, opened .. closed)
  local params = cursor_params(client)
  params.position = {
    line = row,
    character = vim.str_utfindex(before .. opened, client.offset_encoding, #before + #opened, false),
  }
  local request = client:request_sync('textDocument/completion', params, 10000, buffer)
  put(buffer, row, column, column + #opened + #closed, '')
  local result = request and request.result
  local items = result and (result.items or result) or {}
  if #items == 0 then
    tell('no source to cite was found', vim.log.levels.WARN)
    return
  end
  table.sort(items, function(a, b)
    return (a.sortText or a.label) < (b.sortText or b.label)
  end)
  vim.ui.select(items, {
    prompt = 'Cite',
    kind = 'glossator.citation',
    format_item = function(item)
      local details = item.labelDetails
      local about = item.detail or (details and (details.description or details.detail)) or ''
      return about == '' and item.label or (item.label .. '  ' .. about)
    end,
  }, function(item)
    if item then
      put(buffer, row, column, column, opened .. written(item) .. closed)
    end
  end)
end

--- Shows the passage that the citation under the cursor means, in a split; the cursor stays where the split is.
function M.open_source()
  local client = attached()
  if not client then
    return
  end
  client:request('textDocument/definition', cursor_params(client), function(problem, result)
    if problem then
      return tell(problem.message, vim.log.levels.ERROR)
    end
    local target = result and (vim.islist(result) and result[1] or result)
    if not target or vim.tbl_isempty(target) then
      return tell('there is no citation under the cursor, or no source has its key', vim.log.levels.WARN)
    end
    vim.cmd('split')
    vim.lsp.util.show_document(target, client.offset_encoding, { reuse_win = false, focus = true })
  end, 0)
end

local KIND = { error = 'E', warning = 'W', information = 'I', hint = 'N' }

--- Entries of a quickfix list for what `glossator check --format json` has printed.
---@param report string
---@param root string # folder that the relative paths of the report begin at
function M.quickfix_items(report, root)
  local items = {}
  for _, file in ipairs(vim.json.decode(report).files) do
    local path = file.path:sub(1, 1) == '/' and file.path or vim.fs.joinpath(root, file.path)
    local lines
    for _, finding in ipairs(file.findings) do
      lines = lines or (vim.uv.fs_stat(path) and vim.fn.readfile(path) or {})
      -- The report counts characters, a quickfix list bytes.
      local function byte(position)
        return vim.str_byteindex(lines[position.line + 1] or '', 'utf-32', position.character, false) + 1
      end
      local range = finding.range
      items[#items + 1] = {
        filename = path,
        lnum = range.start.line + 1,
        col = byte(range.start),
        end_lnum = range['end'].line + 1,
        end_col = byte(range['end']),
        type = KIND[finding.severity],
        text = finding.message .. ' [' .. finding.code .. ']',
      }
    end
  end
  return items
end

--- Checks all briefs of the workspace as they are on disk and lists the findings in the quickfix window.
---@param done? fun() # called when the list is there
function M.check(done)
  local client = vim.lsp.get_clients({ name = 'glossator' })[1]
  local command = client and client.config.cmd or (vim.lsp.config.glossator or {}).cmd
  local program = type(command) == 'table' and command[1] or 'glossator'
  if vim.fn.executable(program) == 0 then
    return tell('no program ' .. program .. '; see :checkhealth glossator', vim.log.levels.ERROR)
  end
  local root = client and client.root_dir or vim.fs.root(0, 'glossator.toml') or vim.fn.getcwd()
  vim.system(
    { program, 'check', '--format', 'json' },
    { cwd = root, text = true },
    vim.schedule_wrap(function(finished)
      -- 1: there are findings; anything higher: the check itself could not be made.
      if finished.code > 1 then
        return tell(vim.trim(finished.stderr), vim.log.levels.ERROR)
      end
      local items = M.quickfix_items(finished.stdout, root)
      vim.fn.setqflist({}, ' ', { title = 'Glossator', items = items })
      if #items > 0 then
        vim.cmd('copen')
      else
        tell('no findings')
      end
      if done then
        done()
      end
    end)
  )
end

return M

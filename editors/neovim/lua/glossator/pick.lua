-- A list to choose from, with the text of each place beside it: in Telescope, fzf-lua or snacks.nvim where one of them is
-- installed, else by vim.ui.select.
local M = {}

---@class glossator.Row
---@field text string   # the line in the list
---@field path string?  # the file of its place
---@field line integer? # from 1
---@field column integer? # from 1, in bytes

--- The rows as lines that tell which row each is: fzf gives back nothing but a line.
local function numbered(rows)
  local lines = {}
  for at, row in ipairs(rows) do
    lines[at] = at .. '\t' .. row.text:gsub('[\t\n]', ' ')
  end
  return lines
end

local pickers = {}

function pickers.telescope(rows, title, choose)
  local actions, state = require('telescope.actions'), require('telescope.actions.state')
  local config = require('telescope.config').values
  local finder = require('telescope.finders').new_table({
    results = rows,
    entry_maker = function(row)
      return { value = row, display = row.text, ordinal = row.text, path = row.path, lnum = row.line, col = row.column }
    end,
  })
  require('telescope.pickers')
    .new({}, {
      prompt_title = title,
      finder = finder,
      sorter = config.generic_sorter({}),
      previewer = config.grep_previewer({}),
      attach_mappings = function(prompt)
        actions.select_default:replace(function()
          local entry = state.get_selected_entry()
          actions.close(prompt)
          if entry then
            choose(entry.value)
          end
        end)
        return true
      end,
    })
    :find()
end

pickers['fzf-lua'] = function(rows, title, choose)
  local previewer = require('fzf-lua.previewer.builtin').buffer_or_file:extend()
  function previewer:new(o, opts, fzf)
    previewer.super.new(self, o, opts, fzf)
    setmetatable(self, previewer)
    return self
  end
  function previewer:parse_entry(line)
    local row = rows[tonumber(line:match('^%d+'))] or {}
    return row.path and { path = row.path, line = row.line or 1, col = row.column or 1 } or {}
  end
  require('fzf-lua').fzf_exec(numbered(rows), {
    prompt = title .. '> ',
    previewer = previewer,
    fzf_opts = { ['--delimiter'] = '\t', ['--with-nth'] = '2..', ['--no-sort'] = true },
    actions = {
      ['default'] = function(chosen)
        local row = rows[tonumber((chosen[1] or ''):match('^%d+'))]
        if row then
          choose(row)
        end
      end,
    },
  })
end

function pickers.snacks(rows, title, choose)
  local items = {}
  for at, row in ipairs(rows) do
    items[at] = { idx = at, text = row.text, row = row, file = row.path, pos = row.line and { row.line, (row.column or 1) - 1 } }
  end
  require('snacks').picker.pick({
    title = title,
    items = items,
    format = function(item)
      return { { item.text } }
    end,
    preview = 'file',
    confirm = function(picker, item)
      picker:close()
      if item then
        vim.schedule(function()
          choose(item.row)
        end)
      end
    end,
  })
end

--- In this order: who has installed one of them for its own sake has not set `vim.ui.select`.
local MODULES = { { 'telescope', 'telescope' }, { 'fzf-lua', 'fzf-lua' }, { 'snacks', 'snacks' } }

--- The picker that is used: the one that `vim.g.glossator_picker` names (`telescope`, `fzf-lua`, `snacks`, or `select` for
--- vim.ui.select), else the first that is installed.
---@return string
function M.name()
  local wanted = vim.g.glossator_picker
  if wanted == 'select' then
    return wanted
  end
  for _, known in ipairs(MODULES) do
    if (wanted == nil or wanted == known[1]) and pcall(require, known[2]) then
      return known[1]
    end
  end
  return 'select'
end

--- Shows the rows in their order, and calls `choose` with the one that is taken.
---@param rows glossator.Row[]
---@param title string
---@param choose fun(row: glossator.Row)
function M.pick(rows, title, choose)
  local picker = pickers[M.name()]
  if picker then
    return picker(rows, title, choose)
  end
  local options = {
    prompt = title,
    kind = 'glossator',
    format_item = function(row)
      return row.text
    end,
  }
  vim.ui.select(rows, options, function(row)
    if row then
      choose(row)
    end
  end)
end

return M

-- Starts Glossator for briefs, and lets text files and libraries join where they belong to them. Needs Neovim 0.11 or later.

--- What the server takes for a library where there is no glossator.toml.
local function is_library(name)
  local stem, ending = name:match('^(.*)%.([^.]+)$')
  local named = stem == 'library' or stem == 'references' or stem == 'bibliography'
  return ending == 'bib' or (named and (ending == 'json' or ending == 'yaml' or ending == 'yml'))
end

local function has_library(folder)
  for name, kind in vim.fs.dir(folder) do
    if kind ~= 'directory' and is_library(name) then
      return true
    end
  end
  return false
end

-- With types of its own a misquotation is no string like any other. Their colours are in plugin/glossator.lua.
local types = vim.lsp.protocol.make_client_capabilities().textDocument.semanticTokens.tokenTypes
vim.list_extend(types, { 'citation', 'locator', 'quotation' })

---@type vim.lsp.Config
return {
  capabilities = { textDocument = { semanticTokens = { tokenTypes = types } } },
  cmd = { 'glossator', 'serve' },
  filetypes = { 'markdown', 'quarto', 'rmd', 'text', 'bib' },
  root_dir = function(buffer, start)
    -- What is no file, such as a Git revision or a plugin's own window, has no sources.
    local name = vim.api.nvim_buf_get_name(buffer)
    if vim.bo[buffer].buftype ~= '' or name:match('^%a[%w+.-]+://') then
      return
    end
    -- The text of a PDF or the like, in the cache: it belongs to the server that led there.
    if name:match('[/\\]glossator[/\\]views[/\\]%x+[/\\][^/\\]+%.md$') then
      local before = vim.fn.bufnr('#')
      local client = before > 0 and vim.lsp.get_clients({ name = 'glossator', bufnr = before })[1]
      client = client or vim.lsp.get_clients({ name = 'glossator' })[1]
      return client and start(client.root_dir)
    end
    local described = vim.fs.root(buffer, 'glossator.toml')
    local root = described or vim.fs.root(buffer, '.git')
    if vim.list_contains({ 'markdown', 'quarto', 'rmd' }, vim.bo[buffer].filetype) then
      -- A file that has neither above it is served alone.
      return start(root)
    end
    -- A text that nobody cites must not start a server.
    if described or (root and has_library(root)) then
      return start(root)
    end
    for _, client in ipairs(vim.lsp.get_clients({ name = 'glossator' })) do
      if client.root_dir and vim.fs.relpath(client.root_dir, name) then
        return start(client.root_dir)
      end
    end
  end,
}

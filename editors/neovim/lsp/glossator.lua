-- Starts Glossator for Markdown and Quarto files. Needs Neovim 0.11 or later.
---@type vim.lsp.Config
return {
  cmd = { 'glossator', 'serve' },
  filetypes = { 'markdown', 'quarto' },
  -- The nearest folder that has one of these; a file that has neither above it is served alone.
  root_markers = { 'glossator.toml', '.git' },
}

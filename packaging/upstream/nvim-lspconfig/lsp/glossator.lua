---@brief
---
--- https://github.com/glossator-ls/glossator
---
--- Language server for people who write from sources: cards for citations, go to the quoted passage, and quotations
--- checked against the texts behind them, in Markdown, Quarto and R Markdown.
---
--- The server can be installed with `cargo install glossator`, `pipx install glossator` or `npm install -g glossator`.

---@type vim.lsp.Config
return {
  cmd = { 'glossator', 'serve' },
  filetypes = { 'markdown', 'quarto', 'rmd' },
  root_markers = { 'glossator.toml', '.git' },
}

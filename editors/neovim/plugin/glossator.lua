-- The commands. They do nothing until called; doc/glossator.txt tells what each is for.
if vim.g.loaded_glossator then
  return
end
vim.g.loaded_glossator = true

local function command(name, run, about, options)
  vim.api.nvim_create_user_command(name, function(call)
    require('glossator')[run](call)
  end, vim.tbl_extend('force', { desc = about, force = true }, options or {}))
end
command('GlossatorInsertCitation', 'insert_citation', 'Choose a source or passage and insert a citation of it', { nargs = '*' })
command('GlossatorFind', 'find', 'Find sources, passages and names by words, and go to one', { nargs = '*' })
command('GlossatorSource', 'open_source', 'Show the cited passage in a split')
command('GlossatorCheck', 'check', 'List the findings of all briefs in the quickfix window')
command('GlossatorQuote', 'quote', 'Copy the selected words of a source as a quotation with its citation', { range = true })
command('GlossatorReview', 'review', 'Open a page in the browser with each quotation beside its passage')
command('GlossatorStatus', 'status', 'Tell what is indexed, and what was left out and why')

-- The colours of what the server names by types of its own (lsp/glossator.lua says that they are known here). Words that
-- were checked and stand in the source look like a string; those that do not have their finding, and no colour.
local function colours()
  for group, link in pairs({
    ['@lsp.type.citation'] = 'Identifier',
    ['@lsp.type.locator'] = 'Number',
    ['@lsp.typemod.quotation.verified'] = 'String',
  }) do
    vim.api.nvim_set_hl(0, group, { link = link, default = true })
  end
end
colours()

local group = vim.api.nvim_create_augroup('glossator', {})
vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = colours })

-- Neovim starts no server whose program is not there, and says nothing of it.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = { 'markdown', 'quarto', 'rmd' },
  callback = function(event)
    if vim.bo[event.buf].buftype == '' then
      require('glossator').tell_if_missing()
    end
  end,
})

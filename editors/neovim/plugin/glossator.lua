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
command('GlossatorSource', 'open_source', 'Show the cited passage in a split')
command('GlossatorCheck', 'check', 'List the findings of all briefs in the quickfix window')
command('GlossatorQuote', 'quote', 'Copy the selected words of a source as a quotation with its citation', { range = true })
command('GlossatorStatus', 'status', 'Tell what is indexed, and what was left out and why')

-- The commands. They do nothing until called; doc/glossator.txt tells what each is for.
if vim.g.loaded_glossator then
  return
end
vim.g.loaded_glossator = true

local function command(name, run, about)
  vim.api.nvim_create_user_command(name, function()
    require('glossator')[run]()
  end, { desc = about, force = true })
end
command('GlossatorInsertCitation', 'insert_citation', 'Choose a source and insert a citation of it')
command('GlossatorSource', 'open_source', 'Show the cited passage in a split')
command('GlossatorCheck', 'check', 'List the findings of all briefs in the quickfix window')

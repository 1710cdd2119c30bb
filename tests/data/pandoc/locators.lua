-- pandoc lua locators.lua: records what Pandoc's citeproc reads as the locator of each suffix in
-- locators.json, using a style that prints nothing else; writes locators-golden.json.
local here = arg[0]:match('^(.*)/[^/]*$') or '.'
local terms = {
  'act', 'appendix', 'article-locator', 'book', 'canon', 'chapter', 'column', 'elocation', 'equation', 'figure',
  'folio', 'issue', 'line', 'note', 'number-of-pages', 'opus', 'page', 'paragraph', 'part', 'rule', 'scene',
  'section', 'sub-verbo', 'supplement', 'table', 'timestamp', 'title-locator', 'verse', 'version', 'volume',
}
local cases = '<if type="book" match="none"><text value="none"/></if>'
for _, term in ipairs(terms) do
  cases = cases .. '<else-if locator="' .. term .. '"><text value="' .. term .. '"/></else-if>'
end
local style = [[<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
  <info><title>locators</title><id>locators</id><updated>2026-11-24T00:00:00+00:00</updated></info>
  <citation><layout><choose>]] .. cases .. [[</choose>
    <text variable="locator" prefix="⟦" suffix="⟧"/></layout></citation>
</style>]]
local path = os.tmpname() .. '.csl'
local file = io.open(path, 'w')
file:write(style)
file:close()

local head = '---\nlang: en-US\nreferences:\n- id: a\n  title: T\n  type: book\n---\n\n'
local input = io.open(here .. '/locators.json')
local suffixes = pandoc.json.decode(input:read('a'), false)
input:close()
local lines = {}
for _, suffix in ipairs(suffixes) do
  local doc = pandoc.read(head .. '[@a' .. suffix .. ']', 'markdown')
  doc.meta.csl = path
  doc = pandoc.utils.citeproc(doc)
  local printed = pandoc.utils.stringify(pandoc.Pandoc({ doc.blocks[1] }))
  local label, value = printed:match('^([a-z-]*)⟦(.-)⟧')
  lines[#lines + 1] = label and pandoc.json.encode({ label, value }) or 'null'
end
local output = io.open(here .. '/locators-golden.json', 'w')
output:write('[\n' .. table.concat(lines, ',\n') .. '\n]\n')
output:close()
os.remove(path)

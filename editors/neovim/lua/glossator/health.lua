-- :checkhealth glossator
local M = {}

function M.check()
  local health = vim.health
  health.start('Glossator')
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or later is needed')
    return
  end
  health.ok('Neovim ' .. tostring(vim.version()))

  local config = vim.lsp.config.glossator
  if not config then
    health.error('lsp/glossator.lua is not on the runtime path', 'See :help glossator-setup')
    return
  end
  local program = type(config.cmd) == 'table' and config.cmd[1]
  if program and vim.fn.executable(program) == 1 then
    local version = vim.system({ program, '--version' }, { text = true }):wait(10000)
    if version.code == 0 then
      health.ok(vim.trim(version.stdout) .. ' (' .. vim.fn.exepath(program) .. ')')
    else
      health.error(program .. ' --version fails: ' .. vim.trim(version.stderr or ''))
    end
  elseif program then
    health.error('no program ' .. program, {
      'Install it: ' .. require('glossator').INSTALL,
      "Or tell where it is: vim.lsp.config('glossator', { cmd = { '/path/to/glossator', 'serve' } })",
    })
  end

  health.info('lists are shown by ' .. require('glossator.pick').name())
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('glossator') then
    health.warn('not enabled', "Put vim.lsp.enable('glossator') into init.lua")
  else
    health.ok('enabled')
  end
  local clients = vim.lsp.get_clients({ name = 'glossator' })
  if #clients == 0 then
    health.info('no server is running: it starts with the first Markdown or Quarto file')
  end
  for _, client in ipairs(clients) do
    health.ok('a server is running for ' .. (client.root_dir or 'single files'))
    if client.root_dir and not vim.uv.fs_stat(vim.fs.joinpath(client.root_dir, 'glossator.toml')) then
      health.info('that folder has no glossator.toml')
    end
  end
end

return M

-- The page's own shape of numbered tables and figures, callouts and headings, for both render
-- routes. Quarto calls these functions with its nodes; the embedded route with its own.

local html = FORMAT:match('html') ~= nil
local format = html and 'html' or 'typst'
local kinds = { tbl = 'Table', fig = 'Figure' }
local counts = { tbl = 0, fig = 0 }

local function raw(text) return pandoc.RawBlock(format, text) end

local function blocks_of(content)
  local kind = pandoc.utils.type(content)
  if kind == 'Blocks' or kind == 'List' then return pandoc.Blocks(content) end
  return pandoc.Blocks({ content })
end

-- What is wider than a phone scrolls in a frame that can be reached with the keyboard.
local function float(node)
  local id = node.identifier
  local kind = id:match('^(%a+)%-')
  if not html or not kinds[kind] then return nil end
  counts[kind] = counts[kind] + 1
  local number = kinds[kind] .. '\u{a0}' .. counts[kind]
  local caption = pandoc.Inlines({
    pandoc.Link({ pandoc.Str(number) }, '#' .. id, '', { class = 'deep-link' }), pandoc.Str(': '),
  })
  caption:extend(pandoc.utils.blocks_to_inlines(blocks_of(node.caption_long)))
  local head = pandoc.Blocks({
    raw('<figcaption id="' .. id .. '-caption">'), pandoc.Plain(caption), raw('</figcaption>'),
  })
  local body = pandoc.Blocks({
    raw('<div class="float-body" tabindex="0" role="group" aria-labelledby="' .. id .. '-caption">'),
  })
  body:extend(blocks_of(node.content))
  body:insert(raw('</div>'))
  local figure = pandoc.Blocks({
    raw('<figure id="' .. id .. '" class="float-' .. kind .. '">'),
  })
  if kind == 'tbl' then figure:extend(head) end
  figure:extend(body)
  if kind == 'fig' then figure:extend(head) end
  figure:insert(raw('</figure>'))
  return figure
end

local function callout(node)
  local title = node.title
  if pandoc.utils.type(title) == 'Block' then title = title.content end
  local around = html and {
    '<div class="callout callout-' .. node.type .. '" role="note"><div class="callout-header">',
    '</div><div class="callout-body">', '</div></div>',
  } or { '#callout-box(title: [', '], body: [', '])' }
  local blocks = pandoc.Blocks({ raw(around[1]), pandoc.Plain(title), raw(around[2]) })
  blocks:extend(blocks_of(node.content))
  blocks:insert(raw(around[3]))
  return blocks
end

-- What a cell has shown stands in the text like any other part of it.
local function unwrapped(div)
  if div.classes:includes('cell') or div.classes:includes('cell-output') then return div.content end
end

-- A heading is a link to itself, so that its address can be copied.
local function heading(header)
  if not html or header.identifier == '' then return nil end
  local target = '#' .. header.identifier
  header.content = { pandoc.Link(header.content, target, '', { class = 'deep-link' }) }
  return header
end

return { { FloatRefTarget = float, Callout = callout, Div = unwrapped, Header = heading } }

-- What Quarto does to its own Markdown, for the subset that the report uses: numbered tables and
-- figures with references to them, callouts, conditional content, raw HTML tables in the PDF.

local html = FORMAT:match('html') ~= nil
local format = html and 'html' or 'typst'
local kinds = { tbl = 'Table', fig = 'Figure' }
local counts, numbers = { tbl = 0, fig = 0 }, {}

local function raw(text) return pandoc.RawBlock(format, text) end

local function float_kind(id) return kinds[id:match('^(%a+)%-')] and id:match('^(%a+)%-') end

-- A table written in HTML becomes a table of the document, so that the PDF has it too.
local function tables_of(block)
  if html or block.format ~= 'html' or not block.text:match('<table') then return nil end
  return pandoc.read(block.text, 'html').blocks:walk({
    Table = function(tbl)
      tbl.classes = { 'typst:no-figure' }
      return tbl
    end,
  })
end

local function callout(div, kind)
  local title = { pandoc.Str((kind:gsub('^%l', string.upper))) }
  local first = div.content[1]
  if first and first.t == 'Header' then
    title = first.content
    div.content:remove(1)
  end
  if html then
    local blocks = pandoc.Blocks({
      raw('<div class="callout callout-' .. kind .. '" role="note"><div class="callout-header">'),
      pandoc.Plain(title), raw('</div><div class="callout-body">'),
    })
    blocks:extend(div.content)
    blocks:insert(raw('</div></div>'))
    return blocks
  end
  local blocks = pandoc.Blocks({ raw('#callout(title: ['), pandoc.Plain(title), raw('], body: [') })
  blocks:extend(div.content)
  blocks:insert(raw('])'))
  return blocks
end

-- What is wider than a phone scrolls in a frame that can be reached with the keyboard.
local function html_float(div, kind, number, caption)
  local id = div.identifier
  local frame = ' tabindex="0" role="group" aria-labelledby="' .. id .. '-caption"'
  local title = pandoc.Inlines({
    pandoc.Link({ pandoc.Str(number) }, '#' .. id, '', { class = 'deep-link' }), pandoc.Str(': '),
  })
  title:extend(caption)
  local blocks = pandoc.Blocks({
    raw('<figure id="' .. id .. '" class="quarto-float quarto-float-' .. kind .. '">'),
  })
  local head = {
    raw('<figcaption id="' .. id .. '-caption">'), pandoc.Plain(title), raw('</figcaption>'),
  }
  local body = pandoc.Blocks({ raw('<div class="float-body"' .. frame .. '>') })
  body:extend(div.content)
  body:insert(raw('</div>'))
  if kind == 'tbl' then blocks:extend(head) end
  blocks:extend(body)
  if kind == 'fig' then blocks:extend(head) end
  blocks:insert(raw('</figure>'))
  return blocks
end

-- The last paragraph of a float is its caption.
local function float(div, kind)
  counts[kind] = counts[kind] + 1
  local name = kinds[kind]
  numbers[div.identifier] = counts[kind]
  local caption = div.content:remove(#div.content).content
  local blocks = pandoc.Blocks({})
  if html then return html_float(div, kind, name .. '\u{a0}' .. counts[kind], caption) end
  blocks:insert(raw('#figure(['))
  blocks:extend(div.content)
  blocks:insert(raw('], caption: figure.caption(position: ' .. (kind == 'tbl' and 'top' or 'bottom') .. ', ['))
  blocks:insert(pandoc.Plain(caption))
  blocks:insert(raw(']), kind: "quarto-float-' .. kind .. '", supplement: "' .. name
    .. '") <' .. div.identifier .. '>'))
  return blocks
end

-- Pandoc leaves an image's alternative text out of Typst, which refuses a PDF/UA without it.
local function image(img)
  local alt = img.attributes['fig-alt']
  if not alt then return nil end
  if html then
    return pandoc.Image({ pandoc.Str(alt) }, img.src)
  end
  local quoted = alt:gsub('\\', '\\\\'):gsub('"', '\\"')
  return pandoc.RawInline('typst', '#image("' .. img.src .. '", alt: "' .. quoted .. '")')
end

local function reference(cite)
  local id = cite.citations[1].id
  local kind = float_kind(id)
  if not kind then return nil end
  if not numbers[id] then error('report.qmd refers to @' .. id .. ', which it does not have', 0) end
  if not html then return pandoc.RawInline('typst', '#ref(<' .. id .. '>)') end
  local text = kinds[kind] .. '\u{a0}' .. numbers[id]
  return pandoc.Link({ pandoc.Str(text) }, '#' .. id, '', { class = 'quarto-xref' })
end

local function visible(element)
  if not element.classes:includes('content-visible') then return nil end
  return element.attributes['when-format'] == format and element.content or {}
end

local function div(element)
  for _, class in ipairs(element.classes) do
    if class:match('^callout%-') then return callout(element, class:match('^callout%-(.*)')) end
  end
  local kind = float_kind(element.identifier)
  return kind and float(element, kind) or nil
end

-- A heading is a link to itself, so that its address can be copied.
local function heading(header)
  if not html or header.identifier == '' then return nil end
  local target = '#' .. header.identifier
  header.content = { pandoc.Link(header.content, target, '', { class = 'deep-link' }) }
  return header
end

return {
  { Div = visible },  -- first, so that nothing is done for what is not shown
  { RawBlock = tables_of, Image = image },
  { traverse = 'topdown', Div = div },
  { Cite = reference, Header = heading },
}

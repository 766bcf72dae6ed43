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

local function visible(div)
  local wanted = div.attributes['when-format']
  local unwanted = div.attributes['unless-format']
  local holds = (not wanted or wanted == format) and (not unwanted or unwanted ~= format)
  if div.classes:includes('content-hidden') then holds = not holds end
  return holds and div.content or {}
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
      raw('<aside class="callout callout-' .. kind .. '"><div class="callout-header">'),
      pandoc.Plain(title), raw('</div><div class="callout-body">'),
    })
    blocks:extend(div.content)
    blocks:insert(raw('</div></aside>'))
    return blocks
  end
  local blocks = pandoc.Blocks({ raw('#callout(title: ['), pandoc.Plain(title), raw('], body: [') })
  blocks:extend(div.content)
  blocks:insert(raw('])'))
  return blocks
end

-- The last paragraph of a float is its caption.
local function float(div, kind)
  counts[kind] = counts[kind] + 1
  local name = kinds[kind]
  numbers[div.identifier] = counts[kind]
  local caption = div.content:remove(#div.content).content
  local blocks = pandoc.Blocks({})
  if html then
    blocks:insert(raw('<figure id="' .. div.identifier .. '" class="quarto-float quarto-float-' .. kind .. '"><figcaption>'))
    local numbered = pandoc.Inlines({ pandoc.Str(name .. '\u{a0}' .. counts[kind] .. ': ') })
    numbered:extend(caption)
    blocks:insert(pandoc.Plain(numbered))
    blocks:insert(raw('</figcaption><div class="float-body" tabindex="0" role="group" aria-label="' .. name .. ' ' .. counts[kind] .. '">'))
    blocks:extend(div.content)
    blocks:insert(raw('</div></figure>'))
    return blocks
  end
  blocks:insert(raw('#figure(['))
  blocks:extend(div.content)
  blocks:insert(raw('], caption: figure.caption(position: ' .. (kind == 'tbl' and 'top' or 'bottom') .. ', ['))
  blocks:insert(pandoc.Plain(caption))
  blocks:insert(raw(']), kind: "quarto-float-' .. kind .. '", supplement: "' .. name
    .. '") <' .. div.identifier .. '>'))
  return blocks
end

local function image(img)
  local alt = img.attributes['fig-alt']
  if alt then
    img.attributes['fig-alt'] = nil
    img.caption = { pandoc.Str(alt) }
    img.attributes.alt = alt
  end
  return img
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

local function div(element)
  for _, class in ipairs(element.classes) do
    if class == 'content-visible' or class == 'content-hidden' then return visible(element) end
    if class:match('^callout%-') then return callout(element, class:match('^callout%-(.*)')) end
  end
  local kind = float_kind(element.identifier)
  return kind and float(element, kind) or nil
end

return {
  { RawBlock = tables_of, Image = image },
  { traverse = 'topdown', Div = div },
  { Cite = reference },
}

-- What Quarto does to its own Markdown, for the subset that the report uses: numbered tables and
-- figures with references to them, callouts, conditional content.

local html = FORMAT:match('html') ~= nil
local format = html and 'html' or 'typst'
local kinds = { tbl = 'Table', fig = 'Figure' }
local counts, numbers = { tbl = 0, fig = 0 }, {}
local here = pandoc.path.directory(PANDOC_SCRIPT_FILE)
-- The project's filter, which Quarto hands its nodes to
local page = dofile(pandoc.path.join({ here, '..', 'style', 'page.lua' }))[1]

local function raw(text) return pandoc.RawBlock(format, text) end

local function float_kind(id) return kinds[id:match('^(%a+)%-')] and id:match('^(%a+)%-') end

local function callout(div, kind)
  local title = { pandoc.Str((kind:gsub('^%l', string.upper))) }
  local first = div.content[1]
  if first and first.t == 'Header' then
    title = first.content
    div.content:remove(1)
  end
  return page.Callout({ type = kind, title = title, content = div.content })
end

-- The last paragraph of a float is its caption.
local function float(div, kind)
  counts[kind] = counts[kind] + 1
  numbers[div.identifier] = counts[kind]
  local caption = pandoc.Plain(div.content:remove(#div.content).content)
  if html then
    return page.FloatRefTarget({
      identifier = div.identifier, caption_long = caption, content = div.content,
    })
  end
  local blocks = pandoc.Blocks({ raw('#figure([') })
  blocks:extend(div.content)
  blocks:insert(raw('], caption: figure.caption(position: ' .. (kind == 'tbl' and 'top' or 'bottom') .. ', ['))
  blocks:insert(caption)
  blocks:insert(raw(']), kind: "quarto-float-' .. kind .. '", supplement: "' .. kinds[kind]
    .. '") <' .. div.identifier .. '>'))
  return blocks
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

return {
  { Div = visible },  -- first, so that nothing is done for what is not shown
  { traverse = 'topdown', Div = div },
  { Cite = reference, Header = page.Header },
}

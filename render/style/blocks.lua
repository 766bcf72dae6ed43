-- Drawings and other details, before anything else is done with the document, for both render routes.
-- The cells give drawings as images with an alternative text; both formats get what their writer
-- takes as it is.

local html = FORMAT:match('html') ~= nil

-- Pandoc leaves an image's alternative text out of Typst, which refuses a PDF/UA without it.
local function drawing(img)
  local alt = img.attributes['fig-alt']
  if not alt then return nil end
  if html then
    local plain = pandoc.Plain({ pandoc.Image({ pandoc.Str(alt) }, img.src) })
    return pandoc.RawInline('html', pandoc.write(pandoc.Pandoc({ plain }), 'html'))
  end
  local quoted = alt:gsub('\\', '\\\\'):gsub('"', '\\"')
  return pandoc.RawInline('typst', '#image("' .. img.src .. '", alt: "' .. quoted .. '")')
end

-- A drawing is no paragraph.
local function alone(para)
  if #para.content == 1 and para.content[1].t == 'Image' then return pandoc.Plain(para.content) end
end

-- Links keep apart from the table above them.
local function apart(div)
  if not html and div.classes:includes('back-to-findings') then
    return { pandoc.RawBlock('typst', '#v(0.7em)'), div }
  end
end

-- A paragraph that opens a list stays on the page that the list begins on.
local function opening(blocks)
  if html then return nil end
  for at = #blocks - 1, 1, -1 do
    local para, list = blocks[at], blocks[at + 1]
    if para.t == 'Para' and list.t == 'BulletList' and pandoc.utils.stringify(para):match(':$') then
      blocks:insert(at + 1, pandoc.RawBlock('typst', ']'))
      blocks:insert(at, pandoc.RawBlock('typst', '#block(sticky: true, spacing: 1.05em)['))
    end
  end
  return blocks
end

-- A per cent sign begins no line.
local function unbroken(inlines)
  for at = #inlines - 2, 1, -1 do
    local number, blank, sign = inlines[at], inlines[at + 1], inlines[at + 2]
    if number.t == 'Str' and number.text:match('%d$') and sign.t == 'Str' and sign.text:match('^%%')
        and (blank.t == 'Space' or blank.t == 'SoftBreak') then
      number.text = number.text .. '\u{a0}' .. sign.text
      inlines:remove(at + 2)
      inlines:remove(at + 1)
    end
  end
  return inlines
end

return {
  { traverse = 'topdown', Blocks = opening, Inlines = unbroken, Div = apart, Para = alone, Image = drawing },
}

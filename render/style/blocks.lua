-- Tables and drawings, before anything else is done with the document, for both render routes.
-- The cells give tables as HTML and drawings as images with an alternative text; both formats get
-- what their writer takes as it is.

local html = FORMAT:match('html') ~= nil

-- Attributes that Typst has no use for: half of what a table is written with, slow to read.
local unused = { class = '', headers = '', id = '' }

-- A table of HTML becomes one of Typst, so that the PDF has it too.
local function table_of(block)
  if html or block.format ~= 'html' or not block.text:match('<table') then return nil end
  local bare = block.text:gsub(' (%a+)="[^"]*"', unused)
  local tables = pandoc.read(bare, 'html').blocks:walk({
    Table = function(tbl)
      tbl.classes = { 'typst:no-figure' }
      return tbl
    end,
  })
  return pandoc.RawBlock('typst', pandoc.write(pandoc.Pandoc(tables), 'typst'))
end

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

-- What only the page shows is left out, before Quarto starts itself once for each table in it;
-- links keep apart from the table above them.
local function apart(div)
  if html then return nil end
  local only = div.classes:includes('content-visible')
  if only and div.attributes['when-format'] == 'html' then return {} end
  if div.classes:includes('back-to-findings') then
    return { pandoc.RawBlock('typst', '#v(0.7em)'), div }
  end
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
  { Inlines = unbroken },
  { traverse = 'topdown', Div = apart, RawBlock = table_of, Para = alone, Image = drawing },
}

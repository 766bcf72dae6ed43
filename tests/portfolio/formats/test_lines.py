"""Where lines end, and which quotes can be understood, against a reading character by character."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.errors import InputError
from analysis.portfolio.declaration import module_12
from analysis.portfolio.formats import lines
from analysis.portfolio.formats.lines import Part
from analysis.portfolio.reading import Reading

TEXTS = st.text(alphabet='a,"\r\n', max_size=14).map(str.encode)
FED = st.text(alphabet='a,"\n', max_size=14).map(str.encode)


def ends(text):
    """Return the places behind line ends, and whether each is outside quotes."""
    found, outside = [], True
    for place, character in enumerate(text):
        if character == ord('"'):
            outside = not outside
        if character == ord("\n") or (character == ord("\r") and text[place + 1 :][:1] != b"\n"):
            found.append((place + 1, outside))
    return found


@given(TEXTS)
@settings(max_examples=400)
def test_the_last_line_end_outside_quotes(text):
    # What follows a CR at the very end is not known.
    known = [place for place, outside in ends(text + b"\n") if outside and place <= len(text)]
    open_end = text.endswith(b"\r") and known[-1:] == [len(text)]
    assert lines.LINES.match(text).end() == max(known[:-1] if open_end else known, default=0)


def misplaced(text):
    """Return the place of the opening quote of the first field whose quotes are wrong."""
    opened, at_start = None, True
    for place, character in enumerate(text.decode()):
        following = text[place + 1 :][:1].decode()
        if opened is None:
            if character == '"':
                if not at_start:
                    return place
                opened, doubled = place, False
            at_start = character in ",\r\n"
        elif doubled:
            doubled = False
        elif character == '"':
            if following == '"':
                doubled = True
                continue
            if following not in ("", ",", "\r", "\n"):
                return opened
            opened, at_start = None, False
    return opened


@given(FED)
@settings(max_examples=500)
def test_quotes_that_cannot_be_understood(text):
    wrong, found = misplaced(text), lines.understood(text, ",")
    if wrong is None:
        assert found == len(text)
    else:  # what stands above the line of the quote
        assert found == max((end for end, whole in ends(text) if whole and end <= wrong), default=0)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (b'1,"2",""\n"a""b","\n"', 19),
        (b'0\n1,"2\n', 2),
        (b'0\n1"2"\n', 2),
        (b'0\n\n"1"2,3', 3),
        (b'0,"\n"\n"1""2,"3"\n', 6),
        (b'5,"6"\n7,8"', 6),
    ],
)
def test_lines_above_a_quote_that_cannot_be_understood(text, end):
    assert lines.understood(text, ",") == end


def test_quotes_stand_beside_what_separates_the_fields():
    assert lines.understood(b'"1"|"2"\n', "|") == 8
    assert lines.understood(b'"1","2"\n', "|") == 0
    assert lines.understood(b'"1"^"2"\n', "^") == 8


@pytest.mark.parametrize("line", [b'"\n",', b'"",', b'"a""b",', b'x\n"', b'"'])
def test_no_text_of_quotes_takes_long(line):
    text = line * 200_000
    assert lines.LINES.match(text).end() <= len(text)
    assert lines.understood(text, ",") <= len(text)


def parts(text):
    reading = Reading("a.csv", module_12())
    return list(lines.parts(reading, io.BytesIO(text).read))


@given(TEXTS.map(lambda text: 3 * text), st.integers(1, 9))
def test_parts_are_whole_lines_of_the_text(text, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PART_BYTES", size)
        found = parts(text)
    # In the parts they end in LF alone; those without anything between are left out.
    fed = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    kept = b"".join(part.text for part in found)
    assert kept.replace(b"\n", b"") == fed.replace(b"\n", b"")
    outside, place = {end for end, whole in ends(fed) if whole}, 0
    for part in found:
        place = fed.index(part.text, place)
        assert part.line == fed.count(b"\n", 0, place) + 1
        place += len(part.text)
        assert place in outside or part is found[-1]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_bytes_that_are_no_text_are_named(monkeypatch, size):
    monkeypatch.setattr(lines, "PART_BYTES", size)
    with pytest.raises(InputError, match="line 3, byte 4 is 0xff"):
        parts(b"a\r\n\rb"[:3] + b"\n\xff\xe9\n")
    with pytest.raises(InputError, match="line 2, byte 5 is 0xff"):
        parts(b"\xef\xbb\xbfa\n\xff\n")
    with pytest.raises(InputError, match="holds NUL bytes"):
        parts(b"a\n\x00b\n")
    assert [part.text for part in parts("é\n".encode())] == ["é\n".encode()]


def test_a_header_is_a_line_of_its_number_blank_ones_not_counted():
    assert lines.header(Part(b"\n\na\n\nb\n1\n", 3), 2) == (b"b", Part(b"1\n", 8))
    assert lines.header(Part(b"a\nb", 1), 2) == (b"b", Part(b"", 2))
    assert lines.header(Part(b"ab\n", 1), 2) == (b"", Part(b"", 1))


WINDOWS = "It has lines that end as on Windows (CRLF)."
MACINTOSH = "It has lines that end as on old Macintosh computers (CR)."
BLANK = "Blank lines were skipped."


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (b"a\nb", []),
        (b"a\r\nb\r\n", [WINDOWS]),
        (b"a\rb\r", [MACINTOSH]),
        (b"a\rb\r\n", [WINDOWS, MACINTOSH]),
        (b"\na\n", [BLANK]),
        (b"a\n\nb", [BLANK]),
        (b"a\r\n\r\nb", [WINDOWS, BLANK]),
        (b"a\n\rb", [MACINTOSH, BLANK]),
        (b"a\r\rb", [MACINTOSH, BLANK]),
        (b"\xef\xbb\xbfa\n", ["A byte-order mark at the start of the file was skipped."]),
    ],
)
def test_what_is_unusual_about_the_ends_of_lines_is_noted(text, notes):
    reading = Reading("a.csv", module_12())
    list(lines.parts(reading, io.BytesIO(text).read))
    assert reading.notes == notes

"""How figures and outside text are written."""

import html
import json

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser

from analysis.base import display
from analysis.base.errors import printable
from analysis.report.drawing import escape


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (77_536, "77,536"), (-1_200, "\u22121,200")]
)
def test_counts(value, text):
    assert display.count(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.854, 2, "0.85"), (1.0, 3, "1.000"), (-0.5, 2, "\u22120.50"), (None, 2, "\u2013")],
)
def test_shares(value, decimals, text):
    assert display.share(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals"),
    [(0.0, 3), (0.042, 3), (0.0006, 3), (-0.00037, 4), (4e-6, 6), (1e-9, 6), (12.0, 3)],
)
def test_the_decimals_that_a_number_needs_not_to_read_as_nothing(value, decimals):
    assert display.decimals_for(value) == decimals


def test_percent():
    assert display.percent(0.97879) == "97.9 %"
    assert display.percent(-0.25, 0) == "\u221225 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0417, "+0.042"), (-0.0049, "\u22120.005"), (0.0, "0.000"), (-0.0001, "0.000")],
)
def test_differences_have_a_sign_unless_they_are_nothing(value, text):
    assert display.difference(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_250, "1,250"), (2.5, "2.5"), (20_912_300_000, "20,912,300,000"), (1e30, "1e+30")],
)
def test_amounts_have_no_power_of_ten_that_a_reader_can_do_without(value, text):
    assert display.amount(value) == text


def test_plurals():
    assert display.plural(1, "loan") == "1 loan"
    assert display.plural(0, "loan") == "0 loans"
    assert display.plural(1_000, "loan") == "1,000 loans"
    assert display.plural(2, "entry", "entries") == "2 entries"


def test_listings():
    assert display.listing(["a"]) == "a"
    assert display.listing(["a", "b"]) == "a and b"
    assert display.listing(["a", "b", "c"]) == "a, b and c"


ANY_TEXT = st.text(max_size=40)


@given(ANY_TEXT)
def test_html_shows_the_text_and_nothing_else(text):
    made = escape.in_html(text)
    assert not set(made) & set("<>\"'{}`")
    assert html.unescape(made) == printable(text)
    assert parser.fromstring(f"<p>{made}</p>").text_content() == printable(text)


@given(ANY_TEXT)
def test_typst_strings_hold_the_text_and_end_where_they_should(text):
    made = escape.in_typst(text)
    assert made[0] == made[-1] == '"'
    inner = made[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inner
    assert not set("{`") & set(made.replace("\\u{7b}", "").replace("\\u{60}", ""))


@pytest.mark.parametrize(
    "text",
    [
        "a*b*_c_ `code` $x$ [link](http://a.b) <b>bold</b> ~~no~~ ^up^ @tbl-x",
        "`{python} 1 + 1` {{< meta title >}} {=html}",
        "# heading", "- item", "1. item", "1) item", "    indented", "+ plus", "> quote",
        "| a | b |", "--- ... --", "\\newcommand{x}", "http://example.org", "&amp; &lt;",
        ":::: {.note}", '"quoted" \'single\'', "a\nb\n\nc", "a  \nb", "![x](y.png)", "[^1]",
        "==a==", "::: div", "\t", "H~2~O", "a@b.cd",
    ],
)  # fmt: skip
def test_markdown_shows_the_text_and_nothing_else(text):
    sentence = f"The file {escape.markdown(text)}, read."
    made = pypandoc.convert_text(sentence, "json", format="markdown")
    plain = pypandoc.convert_text(sentence, "plain", format="markdown", extra_args=["--wrap=none"])
    assert set(kinds(made)) <= {"Para", "Str", "Space"}
    assert plain.strip().split() == f"The file {printable(text)}, read.".split()


def kinds(text):
    """Name every element of Pandoc's JSON form below its blocks."""

    def walk(value):
        if isinstance(value, dict):
            if "t" in value:
                yield value["t"]
            for each in value.values():
                yield from walk(each)
        elif isinstance(value, list):
            for each in value:
                yield from walk(each)

    return walk(json.loads(text)["blocks"])


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_250, "1,250"), (2.5, "2.5"), (-0.25, "\u22120.25"), (0.1 + 0.2, "0.3"), (1e6, "1,000,000")],
)
def test_amounts_have_only_the_decimals_they_have(value, text):
    assert display.amount(value) == text


def test_words_of_a_sentence():
    assert [display.number_or_none(each) for each in (0, 1, 1_250)] == ["none", "1", "1,250"]
    assert [display.capital(each) for each in ("", "its ROC", "1 loan")] == [
        "",
        "Its ROC",
        "1 loan",
    ]


def test_our_own_apostrophes_are_those_of_the_prose():
    assert display.typographic("the model's") == "the model\u2019s"

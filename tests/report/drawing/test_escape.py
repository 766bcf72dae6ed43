"""What a table's CSV holds does nothing in a spreadsheet, and numbers stay numbers."""

import io

import pandas as pd
import pytest

from analysis.report.drawing import escape


def again(*cells, name="cell"):
    """Write cells as CSV and read the texts back."""
    text = escape.csv(pd.DataFrame({name: pd.Series(cells, dtype=object)}))
    return list(pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False).iloc[:, 0])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\n=1",
        "'=1",
        "=",
        "\uff1d1",
        "+44 20",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert again(text) == [f"'{text}"]


@pytest.mark.parametrize(
    "text", ["loans.csv", "a=b", "0.91", "-0.005", "+0.042", "-1e-5", "\u22120.005", ""]
)
def test_any_other_text_stays(text):
    assert again(text, "b") == [text, "b"]


def test_numbers_stay_numbers():
    frame = pd.DataFrame({"a": [-1.5, 2.0], "b": [-1, 2], "c": ["x", None]})
    assert escape.csv(frame) == frame.to_csv(index=False, lineterminator="\n")


def test_a_columns_name_is_a_text_too():
    assert escape.csv(pd.DataFrame({"=a": [1]})) == "'=a\n1\n"

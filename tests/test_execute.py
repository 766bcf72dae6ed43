"""Cells and inline values become Markdown, executed in one kernel."""

import re
import signal
import tempfile

import pytest
from nbclient.exceptions import CellExecutionError

from render import qmd
from render.execute import execute

DOCUMENT = """\
---
title: A
---

```{python}
#| tags: [parameters]
data = ""
```

Before any cell: `{python} data`.

```{python}
#| include: false
import os, sys
from IPython.display import Markdown
value = "a *star* & `tick` $x$ {b} <i> @tbl-one"
def write(text):
    print(text)
```

The value is `{python} value`; a number is `{python} 1_000 / 8`, a sum `{python} 1 + 1`.

Markup is `{python} Markdown("**bold**")`, on one line with `{python} "it's"`.

```{python}
#| output: asis
write("asis *markup*")
```

```{python}
write("shown *as it is*")
```

```{python}
#| output: false
write("not shown")
```

```{python}
#| label: tbl-one
#| tbl-cap: "The caption: one"
#| output: asis
write("| a |\\n|---|\\n| 1 |")
```

```{python}
Markdown("## From an object")
```

Working in `{python} os.getcwd()`.

```python
x = "`{not a cell}`"
```
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("document")


def executed(folder, text, parameters=None):
    path = folder / "document.qmd"
    path.write_text(text, encoding="utf-8")
    return execute(qmd.read(path), parameters or {}, folder)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A folder for everything temporary."""
    place = tmp_path_factory.mktemp("t")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(place))
        yield place


@pytest.fixture(scope="module")
def markdown(folder, scratch):
    """The document's Markdown; its data parameter holds what YAML, Python and Markdown mind."""
    assert list(scratch.iterdir()) == []
    hostile = "a\"b\\c\n'''{{< meta title >}} `{python} 1+1` é.csv"
    return executed(folder, DOCUMENT, {"data": hostile})


def plain(text):
    """Take the backslashes off that keep Markdown from doing something."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def test_a_parameter_arrives_whole(markdown):
    line = markdown.split("Before any cell: ")[1].split("\n\n")[0]
    assert plain(line) == "a\"b\\c\n'''{{< meta title >}} `{python} 1+1` é.csv."


def test_inline_texts_do_nothing_in_markdown(markdown):
    assert plain(markdown).count("The value is a *star* & `tick` $x$ {b} <i> @tbl-one;") == 1
    assert "a *star*" not in markdown
    assert "\\@tbl" in markdown


def test_inline_numbers_and_markup(markdown):
    assert "a number is 125.0, a sum 2." in plain(markdown)
    assert "Markup is **bold**, on one line with it\\'s." in markdown


def test_output_as_it_is_and_output_shown(markdown):
    assert "\nasis *markup*\n" in markdown
    assert "```\nshown *as it is*" in markdown
    assert "not shown" not in markdown


def test_objects_that_are_markdown_are_shown(markdown):
    assert "\n## From an object\n" in markdown


def test_a_label_and_its_caption_go_around_the_output(markdown):
    block = markdown.split(":::: {#tbl-one}\n")[1].split("\n::::")[0]
    assert "| 1 |" in block
    assert block.endswith("\n\nThe caption: one")


def test_no_code_is_left(markdown):
    assert "def write" not in markdown
    assert "{python}" not in plain(markdown).replace("`{python} 1+1`", "")


def test_the_kernel_works_in_the_documents_folder(markdown, folder):
    assert str(folder) in plain(markdown)


@pytest.mark.usefixtures("markdown")
def test_nothing_is_left_of_the_kernel(scratch):
    assert list(scratch.iterdir()) == []


def test_a_signal_after_a_kernel_does_not_stop_the_next_one(tmp_path):
    came = []
    earlier = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        executed(tmp_path, "One and one are `{python} 1 + 1`.")
        signal.raise_signal(signal.SIGTERM)
        assert executed(tmp_path, "They are `{python} 1 + 1`.").strip() == "They are 2."
    finally:
        signal.signal(signal.SIGTERM, earlier)
    assert came == [signal.SIGTERM]


FAILING = [
    ("```{python}\n1 / 0\n```", CellExecutionError, "ZeroDivisionError"),
    ("It is `{python} absent`.", CellExecutionError, "absent"),
    ('```{python}\nimport sys\nsys.stderr.write("beware")\n```', RuntimeError, "line 1 .*beware"),
    (
        '```{python}\nfrom IPython.display import HTML\nHTML("<b>")\n```',
        RuntimeError,
        "line 1 shows .*text/html",
    ),
    ("\nIt\nis `{python} None`.", RuntimeError, "line 3"),
    ("It is `{python} print(1)`.", RuntimeError, "line 1"),
]


@pytest.mark.parametrize(("text", "error", "named"), FAILING)
def test_a_failing_cell_is_an_error(tmp_path, text, error, named):
    with pytest.raises(error, match=named):
        executed(tmp_path, text)

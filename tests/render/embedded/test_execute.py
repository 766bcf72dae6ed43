"""Cells and inline values become Markdown, executed in one namespace that leaves no trace."""

import builtins
import contextlib
import os
import re
import sys
import threading
import warnings
from pathlib import Path

import pytest

from analysis.base.errors import InputError
from analysis.record import serial
from render.embedded import qmd
from render.embedded.execute import CellError, execute

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
print("not shown")
```

The value is `{python} value`; a number is `{python} 1_000 / 8`, a sum `{python} 1 + 1`.

Markup is `{python} Markdown("**bold**")`, on one line with `{python} "it's"`.

Working in `{python} os.getcwd()`.

```python
x = "`{not a cell}`"
```
"""

IN_A_CELL = "```{python}\n#| include: false\n%s\n```"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("document")


def executed(folder, text, parameters=None):
    path = folder / "document.qmd"
    path.write_text(text, encoding="utf-8")
    document = qmd.read(path)
    return document.woven(execute(document, parameters or {}, folder, lambda _: None))


@pytest.fixture(scope="module")
def markdown(folder):
    """The document's Markdown; its data parameter holds what YAML, Python and Markdown mind."""
    hostile = "a\"b\\c\n'''{{< meta title >}} `{python} 1+1` é.csv"
    return executed(folder, DOCUMENT, {"data": hostile})


def plain(text):
    """Take the backslashes off that keep Markdown from doing something."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def test_a_parameter_arrives_whole(markdown):
    line = markdown.split("Before any cell: ")[1].split("\n\n")[0]
    assert plain(line) == "a\"b\\c\\n'''{{< meta title >}} `{python} 1+1` é.csv."


def test_inline_texts_do_nothing_in_markdown(markdown):
    assert plain(markdown).count("The value is a *star* & `tick` $x$ {b} <i> @tbl-one;") == 1
    assert "a *star*" not in markdown
    assert "\\@tbl" in markdown


def test_inline_numbers_and_markup(markdown):
    assert "a number is 125.0, a sum 2." in plain(markdown)
    assert "Markup is **bold**, on one line with it\\'s." in markdown


def test_other_values_stand_as_a_notebook_shows_them(tmp_path):
    code = IN_A_CELL % "from pathlib import PurePosixPath"
    shown = executed(tmp_path, f"{code}\n\n`{{python}} PurePosixPath('a')`")
    assert plain(shown).strip() == "PurePosixPath('a')"


def test_the_document_has_no_future_of_ours(tmp_path):
    code = IN_A_CELL % "def of(value: int) -> None: ..."
    shown = executed(tmp_path, f"{code}\n\n`{{python}} of.__annotations__['value'].__name__`")
    assert plain(shown).strip() == "int"


def test_what_came_out_can_be_kept(tmp_path):
    path = tmp_path / "document.qmd"
    code = "from analysis.report.drawing.markdown import say"
    path.write_text(f"{IN_A_CELL % code}\n\n`{{python}} say('a')` `{{python}} 1`")
    outputs = execute(qmd.read(path), {}, tmp_path, lambda _: None)
    assert serial.load(serial.dump(outputs)) == outputs == [[], [], ["a", "1"]]


def test_no_code_is_left(markdown):
    assert "import os" not in markdown
    assert "not shown" not in markdown
    assert "{python}" not in plain(markdown).replace("`{python} 1+1`", "")


def test_the_cells_work_in_the_documents_folder(markdown, folder):
    assert str(folder) in plain(markdown)


def state():
    """What a shell might change in this process."""
    hooks = (sys.excepthook, sys.displayhook, sys.stdout, sys.stderr, getattr(sys, "ps1", None))
    own = (sys.modules["__main__"], Path.cwd(), tuple(sys.path), dict(os.environ))
    return hooks, own, list(warnings.filters), dir(builtins), threading.enumerate()


@pytest.mark.parametrize("code", ["import warnings\nwarnings.simplefilter('ignore')", "1 / 0"])
def test_the_process_stays_as_it_was(tmp_path, code):
    before = state()
    with contextlib.suppress(CellError):
        executed(tmp_path, IN_A_CELL % code)
    assert state() == before


def test_a_document_begins_with_nothing_of_another_or_of_this_process(tmp_path):
    executed(tmp_path, IN_A_CELL % "value = 1")
    with pytest.raises(CellError, match="NameError: name 'value'"):
        executed(tmp_path, "`{python} value`")
    names = executed(tmp_path, "`{python} [each for each in dir() if each[0] != '_']`")
    assert plain(names) == "[]"
    assert plain(executed(tmp_path, "`{python} __name__`")) == "__main__"


def test_a_cells_end_ends_the_render(tmp_path):
    with pytest.raises(SystemExit, match="3"):
        executed(tmp_path, IN_A_CELL % "import sys\nsys.exit(3)")


def test_a_cell_that_refuses_its_data_does_so_in_its_own_words(tmp_path):
    text = """from analysis.base.errors import InputError
raise InputError.of_file("loans.csv", "it is a test", "another", "take one")"""
    with pytest.raises(InputError, match=r"loans\.csv"):
        executed(tmp_path, IN_A_CELL % text)


FAILING = [
    (IN_A_CELL % "\n1 / 0", "line 4: ZeroDivisionError: division by zero"),
    (IN_A_CELL % "1 +", "line 3: SyntaxError: invalid syntax$"),
    (IN_A_CELL % "def f():\n    raise OSError('gone')\nf()", "line 5: OSError: gone"),
    ("It\nis `{python} absent`.", "line 2: NameError: .*absent"),
    ("It is `{python} 1 +`.", "line 1: SyntaxError: invalid syntax$"),
    (IN_A_CELL % "import sys\nprint('beware', file=sys.stderr)", "line 2: this warned: beware"),
    (IN_A_CELL % "import warnings\nwarnings.warn('beware')", "line 4: UserWarning: beware"),
    ("\nIt\nis `{python} None`.", "line 3: the inline value"),
    ("It is `{python} print(1)`.", "line 1: the inline value"),
]


@pytest.mark.parametrize(("text", "named"), FAILING)
def test_a_failing_cell_is_an_error_that_names_its_line(tmp_path, capfd, text, named):
    with pytest.raises(CellError, match=rf"^report\.qmd, {named}"):
        executed(tmp_path, text)
    assert capfd.readouterr() == ("", "")

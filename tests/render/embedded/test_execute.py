"""Cells and inline values become Markdown, executed in one shell that leaves no trace."""

import atexit
import builtins
import contextlib
import os
import re
import sys
import tempfile
import threading
import warnings
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.base.errors import InputError
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


def test_the_cells_work_in_the_documents_folder(markdown, folder):
    assert str(folder) in plain(markdown)


@pytest.mark.usefixtures("markdown")
def test_no_file_is_left_behind(scratch):
    assert list(scratch.iterdir()) == []


def state():
    """What a shell might change in this process."""
    hooks = (sys.excepthook, sys.displayhook, sys.stdout, sys.stderr, getattr(sys, "ps1", None))
    own = (sys.modules["__main__"], Path.cwd(), tuple(sys.path), dict(os.environ))
    return hooks, own, list(warnings.filters), dir(builtins), threading.enumerate()


@pytest.mark.parametrize("code", ["import warnings\nwarnings.simplefilter('ignore')", "1 / 0"])
def test_the_process_stays_as_it_was(tmp_path, monkeypatch, code):
    ended = []
    monkeypatch.setattr(atexit, "register", ended.append)
    monkeypatch.setattr(atexit, "unregister", ended.remove)
    before = state()
    with contextlib.suppress(CellError):
        executed(tmp_path, IN_A_CELL % code)
    assert state() == before
    assert not InteractiveShell.initialized()
    assert not any(isinstance(getattr(each, "__self__", None), InteractiveShell) for each in ended)


def test_a_document_begins_with_nothing_of_another_or_of_this_process(tmp_path):
    executed(tmp_path, "```{python}\nvalue = 1\n```")
    with pytest.raises(CellError, match="NameError: name 'value'"):
        executed(tmp_path, "`{python} value`")
    names = executed(tmp_path, "`{python} [each for each in dir() if each[0] != '_']`")
    assert plain(names) == "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']"
    assert plain(executed(tmp_path, "`{python} __name__`")) == "__main__"


def test_what_is_printed_and_shown_stays_in_order(tmp_path):
    text = """```{python}
#| output: asis
from IPython.display import Markdown
print("one")
display(Markdown("two"))
print("three")
Markdown("four")
```"""
    assert executed(tmp_path, text).split() == ["one", "two", "three", "four"]


def test_a_last_value_is_shown_and_nothing_beside_it(tmp_path):
    text = """```{python}
from IPython.display import Markdown
Markdown("four")
```"""
    assert executed(tmp_path, text).split() == ["four"]


def test_a_cells_end_ends_the_render(tmp_path):
    with pytest.raises(SystemExit, match="3"):
        executed(tmp_path, "```{python}\nimport sys\nsys.exit(3)\n```")


def test_a_cell_that_refuses_its_data_does_so_in_its_own_words(tmp_path):
    text = """```{python}
from analysis.base.errors import InputError
raise InputError.of_file("loans.csv", "it is a test", "another", "take one")
```"""
    with pytest.raises(InputError, match=r"loans\.csv"):
        executed(tmp_path, text)


FAILING = [
    (IN_A_CELL % "\n1 / 0", "line 4: ZeroDivisionError: division by zero"),
    (IN_A_CELL % "1 +", "line 3: SyntaxError: invalid syntax$"),
    (IN_A_CELL % "def f():\n    raise OSError('gone')\nf()", "line 5: OSError: gone"),
    ("It\nis `{python} absent`.", "line 2: NameError: .*absent"),
    ("It is `{python} 1 +`.", "line 1: SyntaxError: invalid syntax$"),
    (IN_A_CELL % "import sys\nprint('beware', file=sys.stderr)", "line 2: this warned: beware"),
    (IN_A_CELL % "import warnings\nwarnings.warn('beware')", "line 4: UserWarning: beware"),
    (
        '```{python}\nfrom IPython.display import HTML\nHTML("<b>")\n```',
        "line 3: TypeError: it shows .*text/html",
    ),
    ("\nIt\nis `{python} None`.", "line 3: the inline value"),
    ("It is `{python} print(1)`.", "line 1: the inline value"),
]


@pytest.mark.parametrize(("text", "named"), FAILING)
def test_a_failing_cell_is_an_error_that_names_its_line(tmp_path, capfd, text, named):
    with pytest.raises(CellError, match=rf"^report\.qmd, {named}"):
        executed(tmp_path, text)
    assert capfd.readouterr() == ("", "")

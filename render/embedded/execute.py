"""Execute a document's cells and inline values with IPython, giving plain Markdown."""

from __future__ import annotations

import ast
import atexit
import builtins
import contextlib
import io
import re
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import format_display_data
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from analysis.base import progress
from analysis.base.errors import InputError
from render.embedded.qmd import INLINE, Cell, Document, Text

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class CellError(RuntimeError):
    """A cell or an inline value failed; the message names the document's line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"report.qmd, line {line}: {problem}")


def execute(
    document: Document,
    parameters: dict[str, str],
    folder: Path,
    step: Callable[[int], object],
) -> list[list[str]]:
    """Run all code in one shell, in order, and return its output as `Document.woven` takes it.

    Parameters
    ----------
    parameters : dict of name to value
        Given to the cell tagged `parameters`.
    folder : Path
        Where the cells work: the document's folder.
    step : callable
        Called with the number of blocks that are done.

    Raises
    ------
    CellError
        When a cell or an inline value fails, warns, or shows what is not Markdown.
    InputError
        When a cell refuses its data.
    """
    outputs = []
    # What cells say is part of the document: they keep quiet about their progress.
    with _shell() as shell, contextlib.chdir(folder), progress.shown(progress.Detail.QUIET):
        for block in document.blocks:
            if isinstance(block, Text):
                outputs.append(list(_values(shell, block)))
            else:
                outputs.append([_output_of(shell, block)])
                if "parameters" in block.options.get("tags", []):
                    shell.push(parameters)
            step(1)
    return outputs


class _Shell(InteractiveShell):
    """A shell whose errors are raised, in place of being shown."""

    def _showtraceback(self, *_: Any) -> None:
        pass


class _Output(io.TextIOBase):
    """What a cell prints and shows, in order."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, bool]] = []

    def write(self, text: str) -> int:
        if text:  # IPython writes nothing after a last value, too
            self.parts.append((text, True))
        return len(text)

    def markdown(self, as_it_is: bool) -> str:
        text = ""
        for printed, parts in groupby(self.parts, key=itemgetter(1)):
            joined = "".join(part for part, _ in parts)
            text += f"\n```\n{joined}\n```\n" if printed and not as_it_is else joined
        return text


class _Publisher(DisplayPublisher):
    """What a cell shows joins what it prints."""

    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        if "text/markdown" not in data:
            raise TypeError(f"it shows {sorted(data)}, not Markdown")
        if isinstance(sys.stdout, _Output):
            sys.stdout.parts.append((f"\n{data['text/markdown']}\n", False))


class _LastValue(DisplayHook):
    """The value that a cell ends with is shown like any other."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], _: Any = None) -> None:
        _Publisher().publish(format_dict)


@contextlib.contextmanager
def _shell() -> Iterator[InteractiveShell]:
    """Give a new shell that reads nobody's settings, and take back what it does to this process."""
    main, path = sys.modules["__main__"], sys.path[:]
    with (
        tempfile.TemporaryDirectory() as settings,
        warnings.catch_warnings(),
        _restored(vars(builtins)),
        _restored(vars(sys)),
    ):
        # Its advice on leaving, given to whatever exits: a signal's handler, too.
        warnings.filterwarnings("ignore", "To exit: ")
        shell = _Shell.instance(
            ipython_dir=settings,
            user_module=types.ModuleType("__main__"),
            config=Config(HistoryManager={"enabled": False}),
            display_pub_class=_Publisher,
            displayhook_class=_LastValue,
        )
        try:
            yield shell
        finally:
            atexit.unregister(shell.atexit_operations)
            shell.atexit_operations()
            _Shell.clear_instance()
            sys.modules["__main__"], sys.path[:] = main, path


@contextlib.contextmanager
def _restored(namespace: dict[str, Any]) -> Iterator[None]:
    earlier = dict(namespace)
    try:
        yield
    finally:
        for name in namespace.keys() - earlier.keys():
            del namespace[name]
        namespace.update(earlier)


@contextlib.contextmanager
def _output(first: int) -> Iterator[_Output]:
    """Give what code that begins at the line `first` prints; warnings are errors."""
    output, complaints = _Output(), io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(complaints):
            yield output
    except InputError:
        raise
    except Exception as error:
        said = error.msg if isinstance(error, SyntaxError) else error
        line = first + _place(error) - 1
        raise CellError(line, f"{type(error).__name__}: {said}") from error
    if complaints.getvalue():
        raise CellError(first, f"this warned: {complaints.getvalue()}")


def _place(error: Exception) -> int:
    """Return the line of the code of a cell, whose name is __main__, that an error comes from."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    frames = traceback.walk_tb(error.__traceback__)
    return next((at for each, at in frames if each.f_globals["__name__"] == "__main__"), 1)


def _output_of(shell: InteractiveShell, cell: Cell) -> str:
    with _output(cell.line + 1) as output:
        shell.run_cell(cell.source).raise_error()
    return output.markdown(cell.options.get("output") == "asis")


def _values(shell: InteractiveShell, block: Text) -> Iterator[str]:
    for place in INLINE.finditer(block.source):
        yield _value(shell, place[1], block.line + block.source.count("\n", 0, place.start()))


def _value(shell: InteractiveShell, source: str, line: int) -> str:
    with _output(line) as output:
        value = shell.ev(source)
        data, _ = format_display_data(value)
    if value is None or output.parts:
        raise CellError(line, "the inline value is not one value")
    if "text/markdown" in data:
        return str(data["text/markdown"])
    text = str(data["text/plain"])
    return PUNCTUATION.sub(r"\\\1", str(ast.literal_eval(text)) if text[0] in "'\"" else text)

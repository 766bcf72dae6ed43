"""Execute a document's cells and inline values, giving plain Markdown."""

from __future__ import annotations

import contextlib
import io
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from analysis.base import progress
from analysis.base.errors import InputError
from analysis.report.drawing import escape
from render.embedded.qmd import INLINE, Document, Text

NAME = "report.qmd"


class CellError(RuntimeError):
    """A cell or an inline value failed; the message names the document's line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"{NAME}, line {line}: {problem}")


def execute(
    document: Document,
    parameters: dict[str, str],
    folder: Path,
    step: Callable[[int], object],
) -> list[list[str]]:
    """Run all code in one namespace, in order, and return its output as `Document.woven` takes it.

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
        When a cell or an inline value fails or warns.
    InputError
        When a cell refuses its data.
    """
    outputs = []
    names: dict[str, Any] = {"__name__": "__main__"}  # as in the kernel that Quarto starts
    # What cells say is no part of the document: they keep quiet about their progress.
    quiet = progress.shown(progress.Detail.QUIET)
    with contextlib.chdir(folder), quiet, warnings.catch_warnings():
        for block in document.blocks:
            if isinstance(block, Text):
                outputs.append(list(_values(block, names)))
            else:
                outputs.append([])
                _run(block.source, block.line + 1, names)
                if block.parameters:
                    names |= parameters
            step(1)
    return outputs


def _run(source: str, line: int, names: dict[str, Any]) -> None:
    with _strict(line):
        exec(_code(source, line, "exec"), names)  # noqa: S102 -- the document's own code


def _values(block: Text, names: dict[str, Any]) -> Iterator[str]:
    for place in INLINE.finditer(block.source):
        line = block.line + block.source.count("\n", 0, place.start())
        with _strict(line) as printed:
            value = eval(_code(place[1], line, "eval"), names)  # noqa: S307 -- likewise
            text = _markdown(value)
        if value is None or printed.getvalue():
            raise CellError(line, "the inline value is not one value")
        yield text


def _code(source: str, line: int, mode: str) -> Any:
    """Compile code that begins at a line of the document, so that its errors name theirs."""
    return compile("\n" * (line - 1) + source, NAME, mode, dont_inherit=True)


def _markdown(value: object) -> str:
    """Return a value as Quarto shows it: the Markdown that it says it is, a text, or its `repr`."""
    own: Callable[[], str] | None = getattr(value, "_repr_markdown_", None)
    if own:
        return str(own())
    return escape.markdown(value if isinstance(value, str) else repr(value))


@contextlib.contextmanager
def _strict(line: int) -> Iterator[io.StringIO]:
    """Give what code that begins at a line prints; its errors and warnings name the line."""
    printed, complaints = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaints):
            yield printed
    except InputError:
        raise
    except Exception as error:
        said = error.msg if isinstance(error, SyntaxError) else error
        raise CellError(_place(error, line), f"{type(error).__name__}: {said}") from error
    if complaints.getvalue():
        raise CellError(line, f"this warned: {complaints.getvalue()}")


def _place(error: Exception, first: int) -> int:
    """Return the line of the document that an error comes from; the first of its code else."""
    if isinstance(error, SyntaxError) and error.filename == NAME and error.lineno:
        return error.lineno
    frames = traceback.walk_tb(error.__traceback__)
    return next((at for each, at in frames if each.f_code.co_filename == NAME), first)

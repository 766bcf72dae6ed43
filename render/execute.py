"""Execute a document's cells and inline values with Jupyter, giving plain Markdown."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import signal
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

from render.qmd import INLINE, Cell, Document, Text

SECONDS = 3600
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST = 70  # characters of a folder in which a socket's path stays within the system's limit
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def execute(document: Document, parameters: dict[str, str], folder: Path) -> str:
    """Run all cells in one kernel, in order, and put their output in their place.

    Parameters
    ----------
    parameters : dict of name to value
        Given to the cell tagged `parameters`.
    folder : Path
        Where the kernel works: the document's folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell or an inline value fails.
    """
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": ""}
    notebook.metadata["papermill"] = {}
    for number, block in enumerate(document.blocks):
        if isinstance(block, Cell):
            tags = block.options.get("tags", [])
            sources = [(block.source, tags)]
        else:
            sources = [(match[1], []) for match in INLINE.finditer(block.source)]
        for source, tags in sources:
            cell = nbformat.v4.new_code_cell(source)
            cell.metadata.update({"tags": tags, "block": number})
            notebook.cells.append(cell)
    notebook = parameterize_notebook(notebook, parameters)
    _run(notebook, folder)
    outputs: dict[int, list[list[Any]]] = {}
    for cell in notebook.cells:
        outputs.setdefault(cell.metadata.get("block", -1), []).append(cell.outputs)
    return "\n\n".join(
        _cell_text(block, outputs[number][0])
        if isinstance(block, Cell)
        else _inline_text(block, outputs.get(number, []))
        for number, block in enumerate(document.blocks)
    )


def _run(notebook: Any, folder: Path) -> None:
    """Execute a notebook's cells in a kernel of their own, reached through a socket file.

    Raises
    ------
    KeyboardInterrupt, SystemExit
        When a signal ended it; the kernel has ended then, too.
    """
    beside = None if len(tempfile.gettempdir()) <= LONGEST else "/tmp"  # noqa: S108 -- a new folder
    with tempfile.TemporaryDirectory(prefix="kernel", dir=beside) as place:
        # A socket file instead of TCP ports: no other user of the machine can connect to it.
        manager = {"transport": "ipc", "ip": str(Path(place, "s"))}
        resources = {"metadata": {"path": str(folder)}}
        config = Config(AsyncKernelManager=manager)
        client = _Client(
            notebook,
            timeout=SECONDS,
            resources=resources,
            config=config,
            shutdown_kernel="immediate",  # it has nothing left to do, and nothing to say
        )
        handlers = {number: signal.getsignal(number) for number in SIGNALS}
        try:
            client.execute(env=dict(os.environ))
        except BaseException:
            if not client.stopped_by:
                raise
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)  # else a later signal would wait here for the next kernel
        if client.stopped_by:
            signal.raise_signal(client.stopped_by)
            raise SystemExit(128 + client.stopped_by)  # whatever its handler does


class _Client(NotebookClient):
    """A client that a signal stops together with its kernel, and that knows which one it was."""

    stopped_by = 0

    async def async_start_new_kernel(self, **arguments: Any) -> None:
        # In place of the client's own handlers, after which a signal looks like a kernel's end.
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        for number in SIGNALS:
            ignored = signal.getsignal(number) is signal.SIG_IGN
            loop.add_signal_handler(number, self._stop, 0 if ignored else number, task)
        await super().async_start_new_kernel(**arguments)

    def _stop(self, number: int, task: asyncio.Task[Any] | None) -> None:
        if number and task:
            self.stopped_by = number
            task.cancel()


def _cell_text(cell: Cell, outputs: list[Any]) -> str:
    options = cell.options
    if options.get("include") is False or options.get("output") is False:
        return ""
    text = "".join(_output(each, options.get("output") == "asis", cell.line) for each in outputs)
    label = options.get("label")
    if not label:
        return text
    caption = options.get("tbl-cap") or options.get("fig-cap") or ""
    return f":::: {{#{label}}}\n{text}\n\n{caption}\n::::"


def _output(output: Any, asis: bool, line: int) -> str:
    if output.output_type == "stream" and output.name == "stdout":
        return output.text if asis else f"\n```\n{output.text}\n```\n"
    if output.output_type == "stream":
        raise RuntimeError(f"the cell at line {line} warned: {output.text}")
    if "text/markdown" in output.data:
        return f"\n{output.data['text/markdown']}\n"
    raise RuntimeError(f"the cell at line {line} shows {sorted(output.data)}, not Markdown")


def _inline_text(block: Text, outputs: list[list[Any]]) -> str:
    values = iter(outputs)

    def shown(place: re.Match[str]) -> str:
        return _inline(next(values), block.line + block.source.count("\n", 0, place.start()))

    return INLINE.sub(shown, block.source)


def _inline(outputs: list[Any], line: int) -> str:
    if len(outputs) != 1 or outputs[0].output_type != "execute_result":
        raise RuntimeError(f"the inline value at line {line} is not one value")
    data = outputs[0].data
    if "text/markdown" in data:
        return str(data["text/markdown"])
    text = str(data["text/plain"])
    return PUNCTUATION.sub(r"\\\1", str(ast.literal_eval(text)) if text[0] in "'\"" else text)

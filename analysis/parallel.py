"""Work spread over the processor's cores, with the same results on any number of them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@contextlib.contextmanager
def begun(
    function: Callable[[Task], Result], tasks: Sequence[Task]
) -> Iterator[Callable[[], list[Result]]]:
    """Begin work in other processes, and give a function that waits for the results.

    Linux can copy a process that has its libraries and data loaded at once; elsewhere, and on a
    single core, the work is done when its results are asked for.

    Parameters
    ----------
    function : callable
        Gives the result of one task; it depends on the task alone, and uses one thread.
    tasks : sequence
        The results come in their order.
    """
    number = min(cores(), len(tasks)) if sys.platform == "linux" else 1
    if number < 2:  # noqa: PLR2004 -- one process is this one
        yield lambda: [function(task) for task in tasks]
        return
    workers = [_start(function, tasks[first::number]) for first in range(number)]
    try:
        yield lambda: _gather(workers, len(tasks))
    finally:
        for process, connection in workers:
            connection.close()
            process.terminate()
            process.join()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


Worker = tuple[Any, Connection]


def _start(function: Callable[[Task], Result], tasks: Sequence[Task]) -> Worker:
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(function, tasks, theirs), daemon=True)
    with warnings.catch_warnings():
        # Python warns of threads that a copy lacks. The copy uses none: its linear algebra is
        # limited to one, and it reads no file.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return process, ours


def _work(
    function: Callable[[Task], Result], tasks: Sequence[Task], connection: Connection
) -> None:
    # Ctrl-C reaches every process of a terminal; the first one says so, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        found: Any = [function(task) for task in tasks]
    except Exception as error:  # raised again where the results are asked for
        found = error
    with contextlib.suppress(BrokenPipeError):  # when nobody waits any more
        connection.send(found)


def _gather(workers: Sequence[Worker], number: int) -> list[Any]:
    results: list[Any] = [None] * number
    for first, (_, connection) in enumerate(workers):
        try:
            found = connection.recv()
        except EOFError:
            raise RuntimeError("a process that computes ended early") from None
        if isinstance(found, Exception):
            raise found
        results[first :: len(workers)] = found
    return results

"""Work spread over the processor's cores, with the same results on any number of them."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from analysis.base.errors import EndedEarlyError

Task = TypeVar("Task")
Result = TypeVar("Result")
Step = Callable[[int], object]
ON_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG of Linux's prctl
PATIENCE = 1.0  # seconds until a process that was told to end is told again


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Keep the linear algebra to one thread: sums are added in the same order on every machine.

    What is as small as seven columns is faster so, too: threads would mostly wait for each other.
    Libraries that would count the cores themselves (scikit-learn's trees start `lscpu` or `cat`
    for it, and warn where there is neither) are told the number.
    """
    # Loaded before the limit is set, which holds for the libraries that are there by then.
    import scipy.linalg  # noqa: F401, PLC0415 -- nothing heavy at start-up
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    with threadpool_limits(limits=1), variables({"OMP_NUM_THREADS": "1"}):
        yield


@contextlib.contextmanager
def variables(told: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment while this lasts."""
    earlier = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in earlier.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextlib.contextmanager
def begun(
    function: Callable[[Task], Result], tasks: Sequence[Task], most: int | None = None
) -> Iterator[Callable[[Step], list[Result]]]:
    """Begin work in other processes, and give a function that waits for the results.

    That function takes one to call with the number of results that came.

    Linux can copy a process that has its libraries and data loaded at once; elsewhere, on a single
    core, and where it has no room for more, the work is done when its results are asked for.

    Parameters
    ----------
    function : callable
        Gives the result of one task; it depends on the task alone, and uses one thread.
    tasks : sequence
        The results come in their order. Who is free takes the next: long ones are best first.
    most : int, optional
        How many processes at most, where each would hold much memory; else a core each.
    """
    number = min(most or cores(), cores(), len(tasks)) if sys.platform == "linux" else 1
    if number < 2:  # noqa: PLR2004 -- one process is this one
        yield lambda step: [_stepped(function(task), step) for task in tasks]
        return
    following = multiprocessing.get_context("fork").Value("l", 0)
    claimed = [_Claimed(tasks, following)] * number
    workers = _start_all(partial(_numbered, function), claimed)
    if not workers:
        yield lambda step: [_stepped(function(task), step) for task in tasks]
        return
    try:
        yield lambda step: _gather(workers, len(tasks), step)
    finally:
        _end_all(workers)


@contextlib.contextmanager
def beside(function: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Begin one piece of work in a process of its own, and give a function that waits for it.

    Where a process cannot be copied, or there is one core, the work is done when it is asked for.
    What it begins in other processes ends with it.
    """
    if sys.platform != "linux" or cores() < 2:  # noqa: PLR2004 -- one would only wait
        yield function
        return
    workers = _start_all(_called, [[function]], daemon=False)
    try:
        yield partial(_received, workers[0][1]) if workers else function
    finally:
        _end_all(workers)


def coming(function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """Begin work in other processes, and give the results in the order of their tasks.

    Who asks for one waits for it and those before it. Where a process cannot be copied, or there
    is one core, each is computed when it is asked for.
    """
    if sys.platform != "linux" or cores() < 2:  # noqa: PLR2004 -- one would only wait
        return map(function, tasks)
    number = min(cores(), len(tasks))
    workers = _start_all(function, [tasks[first::number] for first in range(number)])
    return _coming(workers, len(tasks)) if workers else map(function, tasks)


def _coming(workers: Sequence[Worker], number: int) -> Iterator[Any]:
    try:
        for task in range(number):
            found = _received(workers[task % len(workers)][1])
            if task == number - 1:  # who has all results asks for no more
                _end_all(workers)
            yield found
    finally:
        _end_all(workers)


def _end_all(workers: Sequence[Worker]) -> None:
    for worker in workers:
        _end(worker)


def _called(function: Callable[[], Result]) -> Result:
    def stop(*_: object) -> None:
        # Where an error goes nowhere, such as while an object is removed, Python would print it.
        sys.unraisablehook = lambda _: None
        sys.exit(1)

    # Ended from outside, it ends as from an error, so that its own processes end, too.
    signal.signal(signal.SIGTERM, stop)
    return function()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


Worker = tuple[Any, Connection]


def _start_all(
    function: Callable[[Task], Result], shares: Sequence[Iterable[Task]], *, daemon: bool = True
) -> list[Worker]:
    """Begin a process for each share of the tasks; none where the system has no room for all."""
    workers = list[Worker]()
    try:
        for share in shares:
            workers.append(_start(function, share, daemon=daemon))
    except OSError:
        _end_all(workers)
        return []
    except BaseException:  # Ctrl-C
        _end_all(workers)
        raise
    return workers


def _start(
    function: Callable[[Task], Result], tasks: Iterable[Task], *, daemon: bool = True
) -> Worker:
    """Begin a process; a daemon may begin none, and ends with the one that began it."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    work = (function, tasks, ours, theirs, os.getpid())
    process = fork.Process(target=_work, args=work, daemon=daemon)
    with warnings.catch_warnings():
        # Python warns of threads that a copy lacks. It waits for none of them: what `begun` runs
        # uses one thread, and `beside` comes before the libraries that start any are loaded.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return process, ours


def _end(worker: Worker) -> None:
    process, connection = worker
    connection.close()
    while process.is_alive():  # told again: the error that a signal raises may have gone nowhere
        process.terminate()
        process.join(PATIENCE)


def _work(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    other_end: Connection,
    connection: Connection,
    parent: int,
) -> None:
    _end_with(parent, ctypes.CDLL(None))
    other_end.close()  # else it would wait for itself where nobody else reads
    # Ctrl-C reaches every process of a terminal; the first one says so, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(BrokenPipeError):  # when nobody waits any more
        try:
            for task in tasks:
                connection.send(function(task))
        except Exception as error:  # raised again where the results are asked for
            connection.send(error)


def ending_with_this() -> Callable[[], None] | None:
    """Return what a command that is begun must call first, to end with this process even if killed.

    None where the system has no such thing; for `subprocess` as `preexec_fn`.
    """
    if sys.platform != "linux":
        return None
    return partial(_end_with, os.getpid(), ctypes.CDLL(None))  # loaded before the copy is made


def _end_with(parent: int, system: ctypes.CDLL) -> None:
    """Let the system end this process as soon as the one that began it is gone, even if killed."""
    system.prctl(ON_PARENTS_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # gone before it was asked for
        os.kill(os.getpid(), signal.SIGKILL)


class _Claimed(Generic[Task]):
    """The tasks of one of several processes, with their places: each takes the next that is left.

    Parameters
    ----------
    tasks : sequence
        Of all processes.
    following : Synchronized
        The place of the next one, which the processes share.
    """

    def __init__(self, tasks: Sequence[Task], following: Any) -> None:
        self._tasks, self._following = tasks, following

    def __iter__(self) -> Iterator[tuple[int, Task]]:
        while True:
            with self._following.get_lock():
                place = self._following.value
                self._following.value += 1
            if place >= len(self._tasks):
                return
            yield place, self._tasks[place]


def _numbered(function: Callable[[Task], Result], numbered: tuple[int, Task]) -> tuple[int, Result]:
    place, task = numbered
    return place, function(task)


def _gather(workers: Sequence[Worker], number: int, step: Step) -> list[Any]:
    """Take results from whichever process has one, and return them in the order of the tasks."""
    of_connection: dict[Any, Any] = {connection: process for process, connection in workers}
    found: dict[int, Any] = {}
    while len(found) < number:
        for connection in wait(list(of_connection)):
            try:
                place, result = _received(connection)
            except EndedEarlyError:
                process = of_connection.pop(connection)  # it may have found no task left
                process.join()
                if process.exitcode or not of_connection:
                    raise
            else:
                found[place] = _stepped(result, step)
    return [found[place] for place in range(number)]


def _received(connection: Any) -> Any:
    try:
        found = connection.recv()
    except (EOFError, OSError):  # before a result, or in the midst of one
        raise EndedEarlyError(
            "a process that computes ended early; is there enough memory?"
        ) from None
    if isinstance(found, Exception):
        raise found
    return found


def _stepped(result: Result, step: Step) -> Result:
    step(1)
    return result

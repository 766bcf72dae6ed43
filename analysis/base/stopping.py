"""Ctrl-C, which ends a program even where the error that it raises goes nowhere."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator

# Seconds after which a stop is told again: longer than any cleaning up takes.
AGAIN = 5.0


@contextlib.contextmanager
def heard() -> Iterator[None]:
    """Raise KeyboardInterrupt at Ctrl-C until this block ends.

    Python drops an error that is raised while an object is removed, or in a callback of its
    collector, and prints it: the program would compute on.
    """

    def stop(*_: object) -> None:
        sys.unraisablehook = lambda _: None
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a job in the background
        yield
        return
    hook = sys.unraisablehook
    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGALRM)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = hook
        for number, handler in earlier.items():
            signal.signal(number, handler)

"""Memory that is free and still held: given back to the system once a stage is over."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give the system what this process has freed, where its library of C can: glibc's does.

    That library keeps what was freed below something that is still in use: after a file is read in
    pieces, as much again as the loans take.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)

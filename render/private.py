"""Give a render a home of its own, so that nobody's settings take part in the report."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analysis.base import project
from render import scaffold

PREFIX = f"report-{os.getuid()}-"
# What would let other files than the project's decide how IPython, Jupyter, matplotlib and Typst
# work, or what a report is made of, as the names of environment variables begin.
DROPPED = (
    "IPYTHON",
    "JUPYTER",
    "MATPLOTLIBRC",
    "MPL",
    "PYTHONSTARTUP",
    "TYPST",
    "XDG",
    project.FIGURES,
    project.RESULTS,
)


@contextlib.contextmanager
def home() -> Iterator[None]:
    """Let this process and all that it starts read and write settings in a folder of their own.

    The folder is removed at the end; what a killed run left is removed by the next one.
    """
    earlier = dict(os.environ)
    with scaffold.made(Path(tempfile.gettempdir()), PREFIX) as folder:
        try:
            for name in [each for each in os.environ if each.startswith(DROPPED)]:
                del os.environ[name]
            os.environ.update(_settings(folder))
            tempfile.tempdir = str(folder)
            yield
        finally:
            tempfile.tempdir = None
            os.environ.clear()
            os.environ.update(earlier)


def _settings(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",  # in others, Pandoc cannot open a file whose name is not in ASCII
        "TMPDIR": str(folder),
        # The figures use the font that comes with matplotlib; it need not look for others.
        "MPL_IGNORE_SYSTEM_FONTS": "1",
    }

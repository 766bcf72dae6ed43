"""Where the benchmark works: a copy of the project, and the files that it makes."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from analysis.base import project
from analysis.base.project import ROOT
from benchmarks import measure

ROWS = 77_536  # of the published portfolio
# What a copy of the project leaves out: loan files, the environment, and what was made before.
LEFT_OUT = shutil.ignore_patterns(
    "*.csv", "*.csv.gz", "*.parquet", ".venv", ".cache", ".*_cache", ".hypothesis", ".quarto",
    ".*.partial-*", "__pycache__", "_site", "pictures",
)  # fmt: skip
# The commands run as if typed into a shell that says nothing of loans or of Python: without its
# compiled files each of them would compile the project again.
DROPPED = {project.DATA, "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}


@dataclass(frozen=True)
class Place:
    """A folder to work in.

    Attributes
    ----------
    folder : Path
        Holds everything that the benchmark writes, apart from the made loan files.
    files : Path
        Holds the made loan files; those that are there already are used again.
    given : Path or None
        The loan file to measure on; None for the simulated portfolio.
    rows : int
        How many loans the simulated portfolio has; the large files have a multiple of it.
    """

    folder: Path
    files: Path
    given: Path | None
    rows: int = ROWS
    remarks: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def project(self) -> Path:
        """The copy of the project."""
        return self.folder / "project"

    @property
    def data(self) -> Path:
        """The loan file to measure on."""
        return self.given or self.simulated(1)

    def copy_project(self) -> None:
        """Copy the project, so that the reports and kept results of the original stay."""
        shutil.copytree(ROOT, self.project, ignore=LEFT_OUT, symlinks=True)

    def forget(self) -> None:
        """Remove what earlier runs have kept and rendered."""
        shutil.rmtree(self.project / ".cache", ignore_errors=True)
        shutil.rmtree(self.project / "_site", ignore_errors=True)

    def edit_prose(self) -> None:
        """Change the document's prose and nothing else, each time anew."""
        text = (ROOT / "report.qmd").read_text(encoding="utf-8")
        remark = f"\nThis is remark {next(self.remarks)}.\n"
        (self.project / "report.qmd").write_text(text + remark, encoding="utf-8")

    def environment(self, data: Path | None = None) -> dict[str, str]:
        """Return the variables that a command runs with; `data` is the file it is to read."""
        kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
        programs = str(Path(sys.executable).parent)
        kept["PATH"] = os.pathsep.join([programs, kept.get("PATH", os.defpath)])
        kept["QUARTO_PYTHON"] = sys.executable
        return kept | ({project.DATA: str(data)} if data else {})

    def simulated(self, times: int) -> Path:
        """Return a CSV file of `times` the simulated portfolio's rows."""
        rows = times * self.rows
        return self._made(f"simulated-{rows}.csv", "analysis", "simulate", "--rows", str(rows))

    def noise(self, times: int = 1) -> Path:
        """Return a CSV file of `times` the portfolio's rows without repeated ones."""
        rows = times * self.rows
        return self._made(f"noise-{rows}.csv", "benchmarks.noise", "--rows", str(rows))

    def huge(self, times: int, *, noise: bool = False) -> Path:
        """Return a Parquet file of `times` the portfolio's rows; with noise, none repeats."""
        rows, kind = times * self.rows, "noise" if noise else "simulated"
        arguments = ("--rows", str(rows), *(("--noise",) if noise else ()))
        return self._made(f"{kind}-{rows}.parquet", "benchmarks.huge", *arguments)

    def _made(self, name: str, module: str, *arguments: str) -> Path:
        path, partial = self.files / name, self.files / f"partial-{name}"
        if not path.exists():
            sys.stderr.write(f"making {name}\n")
            self.files.mkdir(parents=True, exist_ok=True)
            # A process of its own: what makes tables is too large for this one (see measure).
            command = [sys.executable, "-m", module, *arguments, "--out", str(partial)]
            printed = self.folder / "made.txt"
            measure.run(command, self.project, self.environment(), printed)
            partial.replace(path)
        return path

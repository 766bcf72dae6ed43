"""Render with Quarto where it is installed; try once to install it where it is not."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from analysis.base import files, parallel
from analysis.base.errors import InputError
from analysis.base.project import DATA, ROOT
from analysis.portfolio.database.address import DataSource
from render import scaffold
from render.earlier import PAGE, PDF

OLDEST = (1, 9)  # the first version that writes PDF/UA with Typst
WORK = ROOT / ".cache"  # Quarto writes within the project
REQUIREMENTS = ROOT / "requirements-quarto.txt"
INSTALL_SECONDS, RENDER_SECONDS = 120, 3600
PREFIX = "quarto-"
# What Quarto puts into the project's folder while it works; .gitignore names the same.
UNFINISHED = ("report.quarto_ipynb", "report_files", "report.typ", PAGE, PDF)


class QuartoFailedError(RuntimeError):
    """Quarto ended with an error; the message holds what it printed."""


def find() -> str | None:
    """Return the quarto command of the environment or the PATH, None without a usable one."""
    beside = Path(sys.prefix, "bin", "quarto")
    command = str(beside) if beside.exists() else shutil.which("quarto")
    if command is None:
        return None
    try:
        shown = subprocess.run(  # noqa: S603 -- the command that was found, no shell
            [command, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"(\d+)\.(\d+)", shown.stdout)
    return command if version and (int(version[1]), int(version[2])) >= OLDEST else None


def render(data: DataSource | None, formats: list[str], folder: Path) -> None:
    """Render report.qmd into `folder`.

    Parameters
    ----------
    data : Path or None
        The loan file, None for the simulated portfolio; handed over in the environment, where no
        character of its name means anything.
    formats : list of str
        `html`, `typst` or both.

    Raises
    ------
    QuartoFailedError
        When Quarto is not there or ends with an error.
    InputError
        As `check` does.
    """
    command = find()
    if command is None:
        raise QuartoFailedError("no quarto 1.9 or newer on the PATH or in .venv")
    environment = os.environ | {"QUARTO_PYTHON": sys.executable, DATA: str(data or "")}
    check()
    with scaffold.made(WORK, PREFIX) as out, _tidy():
        target = ["--to", formats[0]] if len(formats) == 1 else []
        arguments = [*target, "--output-dir", str(out.relative_to(ROOT))]
        code, text = _run([command, "render", *arguments], RENDER_SECONDS, environment)
        if code:
            raise QuartoFailedError(text)
        for made in out.iterdir():
            if made.name in {PAGE, PDF}:
                shutil.move(made, folder / made.name)


def check() -> None:
    """Refuse a project folder that Quarto cannot write to, or where it would write over a file.

    Raises
    ------
    InputError
        Naming the folder, or a page or PDF that somebody put into it.
    """
    files.make_folder(WORK)
    for name in (PAGE, PDF):
        if os.path.lexists(ROOT / name):
            raise InputError.of_file(
                str(ROOT / name),
                "Quarto writes a file of this name here while it works: this one would be lost",
                "a project folder without it",
                "move it away (an interrupted quarto render may have left it), "
                "or render with --engine embedded",
            )


@contextlib.contextmanager
def _tidy() -> Iterator[None]:
    """Leave nothing in the project's folder that Quarto put there, whatever ends the block."""
    before = {name for name in UNFINISHED if os.path.lexists(ROOT / name)}
    try:
        yield
    finally:
        for name in set(UNFINISHED) - before:
            path = ROOT / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def install(log: Path) -> None:
    """Try to install quarto-cli into this environment, keeping what was printed in `log`."""
    # Its only dependency is Jupyter with all its servers; rendering needs the kernel alone.
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--require-hashes",
        "-r",
        str(REQUIREMENTS),
    ]
    code, text = _run(command, INSTALL_SECONDS, dict(os.environ))
    log.write_text(text, encoding="utf-8")
    if code or find() is None:
        sys.stdout.write(f"Quarto cannot be had here ({log}); the embedded route renders.\n")


def _run(command: list[str], seconds: int, environment: dict[str, str]) -> tuple[int, str]:
    """Return a command's exit code and what it printed; end it with all that it has started."""
    with subprocess.Popen(  # noqa: S603 -- arguments of our own, no shell
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=parallel.ending_with_this(),  # noqa: PLW1509 -- it makes one system call
    ) as running:
        try:
            text, _ = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            text = running.communicate()[0] + f"given up after {seconds} seconds\n"
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    return running.returncode, text


if __name__ == "__main__":
    if find() is None:
        install(Path(sys.argv[1]))
    else:
        Path(sys.argv[1]).write_text("Quarto is installed.\n", encoding="utf-8")

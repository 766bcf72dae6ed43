"""Make a report of what Quarto has rendered; Quarto runs this (`post-render` in `_quarto.yml`).

Quarto writes the page, the PDF or both. Their results and the list of checksums come beside them
here, and what an earlier render of other results left there goes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Finish the render that Quarto's environment tells of, and say what was done."""
    from analysis.base import project  # noqa: PLC0415 -- found only as a script, see below

    if project.RESULTS in os.environ:  # `python -m render` has computed them, and finishes itself
        return
    folder = Path(os.environ["QUARTO_PROJECT_OUTPUT_DIR"])
    made = {Path(name).name for name in os.environ["QUARTO_PROJECT_OUTPUT_FILES"].splitlines()}
    place = project.rendered()
    if place is None or not place.exists():
        sys.exit("No report was finished: the document's code was not run.")
    for line in finish(folder, made, place.read_text(encoding="utf-8")):
        sys.stdout.write(f"{line}\n")


def finish(folder: Path, made: set[str], results: str) -> list[str]:
    """Make one report of what lies in a folder, and tell what was done, a line each.

    Parameters
    ----------
    folder : Path
        Where Quarto has put its output.
    made : set of str
        The names of what it has put there.
    results : str
        results.json of the data that it has rendered.
    """
    from analysis.record import checksums  # noqa: PLC0415
    from render.earlier import PAGE, PDF, RESULTS  # noqa: PLC0415

    gone = _outdated(folder, {PAGE, PDF} - made, results)
    for name in gone:
        (folder / name).unlink()
    (folder / RESULTS).write_text(results, encoding="utf-8")
    page = folder / PAGE
    if page.exists() and not (folder / PDF).exists():
        link = f'<a href="{PDF}">{PDF}</a>, '  # as the document writes it, before other files
        page.write_text(page.read_text(encoding="utf-8").replace(link, ""), encoding="utf-8")
    (folder / checksums.NAME).write_text(checksums.of(folder), encoding="utf-8")
    return [f"Removed {name}: it was of an earlier report on other results." for name in gone] + [
        f"Wrote {RESULTS} and {checksums.NAME}."
    ]


def _outdated(folder: Path, names: set[str], results: str) -> list[str]:
    """Name those files of an earlier report, unchanged since, that do not go with these results."""
    from analysis.base.errors import InputError  # noqa: PLC0415
    from analysis.record.checksums import edited  # noqa: PLC0415
    from render.earlier import RESULTS  # noqa: PLC0415

    path = folder / RESULTS
    if not path.exists() or path.read_text(encoding="utf-8") == results:
        return []
    try:
        others = edited(folder)
    except InputError:  # no list of checksums: nothing says whose these are
        return []
    return sorted(name for name in names if (folder / name).exists() and name not in others)


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # Quarto names this very file
    main()

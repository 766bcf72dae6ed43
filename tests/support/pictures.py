"""Take pictures of a rendered report: the whole page as people meet it, and every PDF page."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from browser import chromium, opened

VIEWS = {
    "page-1280": {"width": 1280},
    "page-360": {"width": 360},
    "page-1280-dark": {"width": 1280, "scheme": "dark"},
    "page-360-dark": {"width": 360, "scheme": "dark"},
}
DOTS = "80"  # an inch, enough to read


def main() -> int:
    """Write the pictures into a folder that is made anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="a folder that make report made")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for old in options.folder.glob("*.png"):
        old.unlink()
    page(options.site.absolute() / "index.html", options.folder)
    paper(options.site / "report.pdf", options.folder / "pdf")
    print(f"{len(list(options.folder.glob('*.png')))} pictures in {options.folder}")  # noqa: T201
    return 0


def page(path: Path, folder: Path) -> None:
    """Picture the whole page in every view, and printed."""
    with chromium() as browser:
        for name, view in VIEWS.items():
            with opened(browser, path, **view) as shown:
                shown.screenshot(path=folder / f"{name}.png", full_page=True)
        with opened(browser, path) as shown:
            # The picture in the README: pictures/first-screen.png of the simulated portfolio.
            shown.screenshot(path=folder / "first-screen.png")
            printed = folder / "print.pdf"
            shown.pdf(path=printed, format="A4", prefer_css_page_size=True)
    paper(printed, folder / "print")
    printed.unlink()


def paper(path: Path, prefix: Path) -> None:
    """Picture every page of a PDF."""
    command = shutil.which("pdftoppm")
    if command is None:
        raise SystemExit("pdftoppm is not on the PATH: install poppler-utils")
    subprocess.run([command, "-r", DOTS, "-png", str(path), str(prefix)], check=True)


if __name__ == "__main__":
    sys.exit(main())

"""The route with Quarto: finding it, calling it, installing it, and the same report from both."""

import contextlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.base.errors import InputError
from render import quarto
from tests.support import reading

FAKE = """#!/bin/sh
if [ "$1" = --version ]; then echo "{version}"; exit 0; fi
{body}
"""
RENDERS = """
printf '%s\\n' "$PWD" "$QUARTO_PYTHON" "$LENDING_DATA" "$@" > {log}
while [ $# -gt 0 ]; do [ "$1" = --output-dir ] && out="$2"; shift; done
mkdir -p "$out"
echo page > "$out/index.html"; echo pdf > "$out/report.pdf"; echo other > "$out/other.txt"
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Return a function that puts a quarto on an otherwise plain PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))

    def write(version="1.11.5", body="exit 3", place=folder):
        place.mkdir(parents=True, exist_ok=True)
        path = place / "quarto"
        path.write_text(FAKE.format(version=version, body=body))
        path.chmod(0o755)
        return path

    return write


def test_finds_quarto_on_the_path(command):
    path = command()
    assert quarto.find() == str(path)


def test_the_environments_quarto_comes_first(command, tmp_path):
    command()
    inner = command(place=tmp_path / "environment" / "bin")
    assert quarto.find() == str(inner)


@pytest.mark.usefixtures("command")
def test_finds_nothing_where_there_is_nothing():
    if Path("/usr/bin/quarto").exists():
        pytest.skip("a quarto of the system is in /usr/bin")
    assert quarto.find() is None


@pytest.mark.parametrize(
    ("version", "usable"),
    [
        ("1.9.0", True),
        ("1.10", True),
        ("2.0.1", True),
        ("99.9.9", True),
        ("1.8.27", False),
        ("1.4.550", False),
        ("0.9", False),
        ("", False),
        ("not a version", False),
    ],
)
def test_takes_only_versions_that_write_accessible_pdf(command, version, usable):
    path = command(version)
    assert quarto.find() == (str(path) if usable else None)


def test_a_command_that_does_not_run_is_none(command):
    path = command()
    path.write_bytes(b"\x7fELF not a program")
    assert quarto.find() is None


@pytest.fixture
def folder_of_project(tmp_path, monkeypatch):
    """A project's folder in place of this one."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.setattr(quarto, "ROOT", root)
    monkeypatch.setattr(quarto, "WORK", root / ".cache")
    return root


def test_renders_into_the_folder(command, folder_of_project, tmp_path):
    log, folder = tmp_path / "log", tmp_path / "folder"
    folder.mkdir()
    command(body=RENDERS.format(log=log))
    data = tmp_path / "a b$x.csv"
    quarto.render(data, ["html", "typst"], folder)
    where, python, handed, *arguments = log.read_text().splitlines()
    assert where == str(folder_of_project)
    assert python == sys.executable
    assert handed == str(data)
    assert arguments[0] == "render"
    assert "--to" not in arguments
    assert sorted(each.name for each in folder.iterdir()) == ["index.html", "report.pdf"]
    assert list((folder_of_project / ".cache").iterdir()) == []


@pytest.mark.usefixtures("folder_of_project")
def test_renders_one_format_and_the_simulated_portfolio(command, tmp_path, monkeypatch):
    log, folder = tmp_path / "log", tmp_path / "folder"
    folder.mkdir()
    monkeypatch.setenv("LENDING_DATA", "somewhere.csv")
    command(body=RENDERS.format(log=log))
    quarto.render(None, ["typst"], folder)
    _, _, handed, *arguments = log.read_text().splitlines()
    assert handed == ""
    assert arguments[arguments.index("--to") + 1] == "typst"


def test_a_failing_render_is_an_error_with_what_quarto_said(command, folder_of_project, tmp_path):
    command(body="echo the reason; echo more >&2; exit 1")
    with pytest.raises(quarto.QuartoFailedError, match=r"(?s)the reason.*more"):
        quarto.render(None, ["html"], tmp_path)
    assert list((folder_of_project / ".cache").iterdir()) == []


@pytest.mark.usefixtures("folder_of_project")
def test_rendering_without_quarto_is_an_error(command, tmp_path):
    command(version="1.8")
    with pytest.raises(quarto.QuartoFailedError, match=r"1\.9"):
        quarto.render(None, ["html"], tmp_path)


LEAVES = """
mkdir report_files; touch report.quarto_ipynb report.typ index.html report.pdf report_files/a.png
"""


@pytest.mark.parametrize("end", ["exit 1", "exit 0", "sleep 47"])
def test_nothing_of_a_render_stays_whatever_ends_it(
    command, folder_of_project, tmp_path, monkeypatch, end
):
    monkeypatch.setattr(quarto, "RENDER_SECONDS", 1)
    command(body=f"{LEAVES}\n{end}")
    with contextlib.suppress(quarto.QuartoFailedError):
        quarto.render(None, ["html"], tmp_path)
    assert [each.name for each in folder_of_project.iterdir()] == [".cache"]
    assert list((folder_of_project / ".cache").iterdir()) == []


@pytest.mark.parametrize("name", ["index.html", "report.pdf"])
def test_a_file_of_the_users_is_not_written_over(command, folder_of_project, tmp_path, name):
    command(body=f"{LEAVES}\necho lost > {name}")
    (folder_of_project / name).write_text("mine")
    with pytest.raises(InputError, match="this one would be lost"):
        quarto.render(None, ["html"], tmp_path)
    assert (folder_of_project / name).read_text() == "mine"


def test_a_folder_of_the_users_stays(command, folder_of_project, tmp_path):
    command(body="exit 0")
    (folder_of_project / "report_files").mkdir()
    (folder_of_project / "report_files" / "mine").write_text("mine")
    quarto.render(None, ["html"], tmp_path)
    assert (folder_of_project / "report_files" / "mine").read_text() == "mine"


def test_git_ignores_what_quarto_leaves_where_it_is_killed_itself():
    left = [*quarto.UNFINISHED, ".quarto/idx"]
    git = shutil.which("git") or pytest.skip("git is not on the PATH")
    done = subprocess.run(
        [git, "check-ignore", *left], cwd=quarto.ROOT, capture_output=True, text=True, check=False
    )
    if "not a git repository" in done.stderr:
        pytest.skip("this is no git checkout")
    assert done.stdout.splitlines() == left


def test_quarto_finds_nothing_to_add_to_gitignore():
    lines = (quarto.ROOT / ".gitignore").read_text().splitlines()
    assert {"/.quarto/", "**/*.quarto_ipynb"} <= set(lines)


def test_only_a_page_that_passes_in_a_browser_is_published():
    steps = (quarto.ROOT / ".github" / "workflows" / "publish.yml").read_text()
    order = ["-m render --engine quarto", "tests/render/test_browser.py -k quarto", "upload-pages"]
    places = [steps.index(each) for each in order]
    assert places == sorted(places)


@pytest.fixture
def installer(command, tmp_path, monkeypatch):
    """Return a function that replaces this Python, which would install, by a script."""
    command(version="1.0")

    def write(body):
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(path))
        return tmp_path / "quarto.log"

    return write


def test_a_failing_installation_is_one_plain_line_and_a_log(installer, capsys):
    log = installer("echo trying; echo 'ValueError: nothing to open' >&2; exit 1")
    quarto.install(log)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert len(shown.out.splitlines()) == 1
    assert str(log) in shown.out
    assert "embedded" in shown.out
    assert "Traceback" not in shown.out
    assert log.read_text() == "trying\nValueError: nothing to open\n"


def test_an_installation_without_a_usable_command_counts_as_failed(installer, capsys):
    log = installer("exit 0")
    quarto.install(log)
    assert "embedded" in capsys.readouterr().out


def test_an_installation_that_takes_too_long_is_given_up(installer, monkeypatch, capsys):
    monkeypatch.setattr(quarto, "INSTALL_SECONDS", 1)
    log = installer('echo started; sleep 47 & echo $! > "$0.child"; wait')
    start = time.monotonic()
    quarto.install(log)
    assert time.monotonic() - start < 20
    assert "given up after 1 seconds" in log.read_text()
    assert len(capsys.readouterr().out.splitlines()) == 1
    child = int(Path(sys.executable + ".child").read_text())
    while running(child):  # its end takes the system a moment
        assert time.monotonic() - start < 20
        time.sleep(0.01)


def running(process):
    """Say whether a process lives; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


def test_a_successful_installation_says_nothing(installer, command, capsys):
    log = installer("echo installed")
    command()
    quarto.install(log)
    assert capsys.readouterr().out == ""
    assert log.read_text() == "installed\n"


def test_installs_the_pinned_release_with_its_hash(installer, tmp_path):
    log = installer(f'printf "%s\\n" "$@" > {tmp_path}/arguments; exit 1')
    quarto.install(log)
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert "--require-hashes" in arguments
    requirements = Path(arguments[arguments.index("-r") + 1]).read_text()
    assert re.search(r"^quarto-cli==[\d.]+", requirements, re.MULTILINE)
    assert "--hash=sha256:" in requirements


@pytest.fixture(scope="session")
def both(rendered):
    """The report on the simulated portfolio, as both routes render it."""
    return rendered("embedded", "simulated"), rendered("quarto", "simulated")


def table_texts(page):
    return [
        [reading.plain(cell.text_content()) for cell in table.iter("th", "td")]
        for table in page.find(".//main").iter("table")
    ]


def sentences(page):
    return [
        reading.plain(each.text_content())
        for each in page.find(".//main").iter("p", "li")
        if not each.xpath("ancestor::nav")
    ]


def captions(page):
    return [reading.plain(each.text_content()) for each in page.find(".//main").iter("figcaption")]


def elements(page):
    return [(each.tag, dict(each.attrib)) for each in page.find("body").iter()]


@pytest.mark.quarto
@pytest.mark.parametrize("read", [reading.headings, table_texts, captions, sentences, elements])
def test_both_routes_show_the_same_page(both, read):
    one, other = map(reading.load, both)
    assert read(one)
    assert read(one) == read(other)


@pytest.mark.quarto
def test_both_routes_show_the_same_in_pdf(both):
    one, other = both
    assert reading.outline(one) == reading.outline(other)

    def words(folder):
        # Lines break elsewhere and hyphens come and go with them; page numbers too.
        text = re.sub(r"page \d+ of \d+", "", " ".join(reading.pages(folder)))
        return re.findall(r"\w+", text.replace("- ", "").replace("\u2010", ""))

    assert words(one) == words(other)

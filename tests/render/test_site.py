"""A finished report takes its place all at once; whatever happens before leaves the earlier one."""

import fcntl
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from analysis.base import progress
from analysis.base.errors import InputError
from analysis.record.checksums import NAME as CHECKSUMS
from render import earlier, exchange, scaffold, site
from render.scaffold import LOCK

ROOT = Path(__file__).resolve().parents[2]

FILES = (earlier.PAGE, earlier.PDF, earlier.RESULTS)


def build(folder, text):
    for name in FILES:
        (folder / name).write_text(text)


def publish(place, text):
    with site.staged(place) as folder:
        build(folder, text)


def state(place):
    """Return the text that all files of a report hold."""
    (text,) = {(place / name).read_text() for name in FILES}
    return text


@pytest.fixture
def place(tmp_path):
    return tmp_path / "reports" / "_site"


def beside(place):
    """Name what lies beside a place."""
    return [each.name for each in place.parent.iterdir() if each != place]


def test_a_report_takes_a_new_place(place):
    publish(place, "first")
    assert state(place) == "first"
    assert beside(place) == []


def test_a_report_takes_an_empty_folder(place):
    place.mkdir(parents=True)
    publish(place, "first")
    assert state(place) == "first"


def test_a_report_replaces_an_earlier_one_whole(place):
    publish(place, "first")
    publish(place, "second")
    assert state(place) == "second"
    assert beside(place) == []


@pytest.mark.parametrize(
    ("made", "lost"), [(earlier.PAGE, earlier.PDF), (earlier.PDF, earlier.PAGE)]
)
def test_a_report_of_one_format_drops_no_other(place, made, lost):
    publish(place, "first")
    with pytest.raises(InputError, match=f"the earlier report has {lost}"):
        site.staged(place, [made]).__enter__()
    assert state(place) == "first"
    with site.staged(place.with_name("other"), [made]) as folder:
        (folder / made).write_text("second")
    with site.staged(place.with_name("other"), [made]) as folder:
        (folder / made).write_text("third")
    assert (place.with_name("other") / made).read_text() == "third"


def tree(folder):
    """Return all that a folder holds: name to content, None for a folder."""
    return {
        each.relative_to(folder).as_posix(): None if each.is_dir() else each.read_bytes()
        for each in folder.rglob("*")
    }


def changed(place, name, content="mine"):
    (place / name).parent.mkdir(exist_ok=True)
    (place / name).write_text(content)


# What a folder may hold that no render wrote, under names that a report has, too.
NOT_OURS = {
    "no checksums": lambda place: (place / CHECKSUMS).unlink(),
    "checksums of another kind": lambda place: changed(place, CHECKSUMS),
    "no checksum": lambda place: changed(place, CHECKSUMS, ""),
    "a checksum twice as long": lambda place: changed(place, CHECKSUMS, "0" * 128 + "  a\n"),
    "an edited page": lambda place: changed(place, earlier.PAGE),
    "a file more": lambda place: changed(place, "thesis.txt"),
    "a hidden file": lambda place: changed(place, ".notes"),
    "a folder more": lambda place: (place / "tables").mkdir(),
    "a PDF less": lambda place: (place / earlier.PDF).unlink(),
    "a link": lambda place: (
        (place / earlier.PAGE).rename(place.with_name("page")),
        (place / earlier.PAGE).symlink_to(place.with_name("page")),
    ),
}


@pytest.mark.parametrize("kind", NOT_OURS)
def test_what_no_render_wrote_is_never_removed(place, kind):
    publish(place, "first")
    NOT_OURS[kind](place)
    before = tree(place.parent)
    with pytest.raises(InputError, match="move away what is there"):
        publish(place, "second")
    assert tree(place.parent) == before


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff"])
def test_damaged_results_are_passed_over_with_a_note(place, capsys, content):
    publish(place, "first")
    (place / earlier.RESULTS).write_bytes(content)
    with progress.shown(progress.Detail.USUAL):
        publish(place, "second")
        assert capsys.readouterr().err.startswith("note: results.json of the earlier report")
        publish(place, "third")
    assert capsys.readouterr().err == ""
    assert state(place) == "third"


def test_a_report_that_was_changed_at_the_last_moment_stays(place, monkeypatch):
    """After the last look, before the exchange."""
    publish(place, "first")
    usual = exchange.swap

    def late(folder, place):
        changed(place, earlier.PAGE)
        return usual(folder, place)

    monkeypatch.setattr(exchange, "swap", late)
    for library in (exchange.ctypes.CDLL, NoExchange):
        monkeypatch.setattr(exchange.ctypes, "CDLL", library)
        with pytest.raises(InputError, match=r"index\.html' is not as"):
            publish(place, "second")
        assert (place / earlier.PAGE).read_text() == "mine"
        changed(place, earlier.PAGE, "first")
        assert state(place) == "first"
    assert beside(place) == []


def test_everyone_may_read_the_report(place):
    before = os.umask(0o022)
    try:
        publish(place, "first")
    finally:
        os.umask(before)
    assert place.stat().st_mode & 0o777 == 0o755
    assert {each.name for each in place.iterdir()} <= earlier.OURS


def test_nothing_is_visible_before_the_end(place):
    publish(place, "first")
    with site.staged(place) as folder:
        build(folder, "second")
        assert state(place) == "first"
        assert folder.stat().st_dev == place.stat().st_dev


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_earlier_report(place, error):
    publish(place, "first")

    def fail():
        with site.staged(place) as folder:
            build(folder, "second")
            raise error

    with pytest.raises(error):
        fail()
    assert state(place) == "first"
    assert beside(place) == []


def test_an_error_leaves_no_report_where_there_was_none(place):
    def fail():
        with site.staged(place):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not place.parent.exists()


@pytest.mark.parametrize("name", ["notes.txt", ".git", "index.htm", ".lock"])
def test_a_folder_with_anything_else_is_refused(place, name):
    publish(place, "first")
    (place / name).write_text("mine")
    with pytest.raises(InputError, match=f"'{name}'"):
        publish(place, "second")
    assert (place / name).read_text() == "mine"
    assert state(place) == "first"


def test_what_came_while_it_was_built_is_not_lost(place):
    publish(place, "first")

    def interrupted():
        with site.staged(place) as folder:
            build(folder, "second")
            (place / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match=r"notes\.txt"):
        interrupted()
    assert (place / "notes.txt").read_text() == "mine"


def test_a_place_that_cannot_be_looked_at_is_refused(tmp_path):
    with pytest.raises(InputError, match="it cannot be read"):
        publish(tmp_path / ("x" * 300), "first")


def test_a_file_is_refused(place):
    place.parent.mkdir()
    place.write_text("mine")
    with pytest.raises(InputError, match="not a folder"):
        publish(place, "first")
    assert place.read_text() == "mine"


def test_through_a_link_the_folder_behind_it_is_the_place(place):
    place.parent.mkdir()
    link, behind = place.with_name("link"), place.parent / "elsewhere" / "site"
    link.symlink_to(behind)
    for text in ("first", "second"):
        publish(link, text)
        assert link.is_symlink()
        assert state(behind) == text
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(InputError):
        publish(link, "first")
    assert link.is_symlink()


def test_a_place_is_refused_before_anything_is_computed(place):
    publish(place, "first")
    changed(place, "notes.txt")
    with pytest.raises(InputError, match=r"notes\.txt"), site.staged(place):
        pytest.fail("this would compute")


def test_folders_above_a_place_go_again_where_no_report_came(tmp_path):
    with pytest.raises(RuntimeError), site.staged(tmp_path / "a" / "b" / "_site"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


ANOTHERS = """
    import os, sys
    from pathlib import Path
    from analysis.base.errors import InputError
    from render import earlier, site

    place = Path(sys.argv[1])
    if sys.argv[2:]:  # once all is loaded, which may lie where only this user can read
        os.setgroups([])
        os.setresuid(*[int(sys.argv[2])] * 3)
    try:
        with site.staged(place) as folder:
            (folder / earlier.PAGE).write_text("second")
    except InputError as error:
        sys.exit(str(error).splitlines()[0])
    print((place / earlier.PAGE).read_text(), [each.name for each in place.parent.iterdir()])
"""


def as_nobody(place):
    """Publish as a user who owns nothing here."""
    if os.getuid():
        pytest.skip("only root may become another user")
    for folder in place.parents:  # which pytest makes for one's own eyes
        if not folder.stat().st_mode & 0o005:
            folder.chmod(folder.stat().st_mode | 0o055)
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(ANOTHERS), str(place), "65534"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_another_users_report_is_refused(place):
    publish(place, "first")
    done = as_nobody(place)
    assert done.stderr.endswith("no permission, or a file system that is read only)\n")
    assert state(place) == "first"


def test_where_a_folder_cannot_be_renamed_its_content_is_exchanged(place):
    """As one's own folder in a parent that is another user's."""
    publish(place, "first")
    os.chown(place, 65534, -1) if not os.getuid() else None
    done = as_nobody(place)
    assert (done.stdout, done.stderr) == ("second ['_site']\n", "")
    assert {each.name for each in place.iterdir()} == {earlier.PAGE, CHECKSUMS}


OWN_MOUNTS = ["unshare", "--mount", "--map-root-user"]
MOUNTED = """
    set -e
    mount {options} "$1"
    "$2" -W ignore -c "$3" "$1"
    "$2" -W ignore -c "$3" "$1"
    ls -A "$1"
"""


@pytest.mark.parametrize("options", ["-t tmpfs tmpfs", "--bind behind"])
def test_a_place_where_something_is_mounted_takes_a_report(place, options):
    place.mkdir(parents=True)
    (place.parent / "behind").mkdir()
    command = textwrap.dedent(MOUNTED).format(options=options)
    done = subprocess.run(
        [*OWN_MOUNTS, "sh", "-c", command, "sh", place, sys.executable, textwrap.dedent(ANOTHERS)],
        cwd=place.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("this machine lets no test mount anything")
    assert done.stderr == ""
    assert done.stdout.splitlines()[-2:] == [CHECKSUMS, earlier.PAGE]
    assert "second" in done.stdout


def dying(step):
    """Return a rename that ends the process before its step."""
    steps, usual = [], Path.rename

    def rename(path, target):
        steps.append(path)
        if len(steps) == step:
            os._exit(9)
        return usual(path, target)

    return rename


def test_content_that_was_being_exchanged_is_put_back(place, monkeypatch):
    """Killed at each step of the exchange; the next run finds a whole report first."""
    monkeypatch.setattr(site, "_mounted", lambda _: True)
    place.mkdir(parents=True)
    publish(place, "first")
    ends = set()
    for step in range(1, 14):
        child = os.fork()
        if not child:
            Path.rename = dying(step)
            publish(place, "second")
            os._exit(0)
        ends.add(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        for left in place.glob(".*"):
            os.utime(left, (0, 0))
        with pytest.raises(RuntimeError), site.staged(place):
            raise RuntimeError
        assert state(place) == ("first" if ends == {9} else "second")
        assert {each.name for each in place.iterdir()} <= earlier.OURS
    assert ends == {9, 0}


def test_a_place_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="to do: name another folder with --out"):
        publish(tmp_path / "file" / "_site", "first")


@pytest.mark.parametrize("name", ["[a-z]*", "a b", "-rf", "é\n", "{x}"])
def test_any_name_of_a_folder_will_do(tmp_path, name):
    for text in ("first", "second"):
        publish(tmp_path / name, text)
        assert state(tmp_path / name) == text
    assert [each.name for each in tmp_path.iterdir()] == [name]


class NoExchange:
    """A C library that cannot exchange two folders."""

    def __init__(self, *_, **__):
        pass


def test_without_an_exchange_it_is_two_renames(place, monkeypatch):
    monkeypatch.setattr(exchange.ctypes, "CDLL", NoExchange)
    for text in ("first", "second"):
        publish(place, text)
        assert state(place) == text
    assert beside(place) == []


def left_behind(place, kept):
    """Leave what a run leaves that was killed."""
    folder = place.parent / f".{place.name}.partial-0123456789abcdef"
    folder.mkdir(parents=True)
    if kept:
        (folder / LOCK).write_text(scaffold._mark(folder))
        (folder / exchange.NEW).mkdir()
    return folder


def test_what_killed_runs_left_is_removed(place):
    folder = left_behind(place, kept=True)
    publish(place, "first")
    assert not folder.exists()
    assert beside(place) == []


def test_what_a_run_left_without_a_lock_is_removed_once_it_is_old(place):
    folder = left_behind(place, kept=False)
    publish(place, "first")
    assert folder.exists()  # it may be about to be locked
    os.utime(folder, (0, 0))
    publish(place, "second")
    assert not folder.exists()


def test_what_a_living_run_builds_is_left_alone(place):
    folder = left_behind(place, kept=True)
    with (folder / LOCK).open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        publish(place, "first")
        assert folder.exists()
    publish(place, "second")
    assert not folder.exists()


def test_other_folders_are_left_alone(place):
    digits = "0123456789abcdef"
    names = [f".other.partial-{digits}", f"_site.partial-{digits}", "_sit", "._site.partial-backup"]
    names += [f"._site.partial-{digits}0", f"._site.partial-{digits.upper()}"]
    for name in names:
        place.with_name(name).mkdir(parents=True)
        os.utime(place.with_name(name), (0, 0))
    publish(place, "first")
    assert all(place.with_name(name).exists() for name in names)


@pytest.mark.parametrize("held", [None, "", "Unfinished work of python -m render in another\n"])
def test_a_folder_of_such_a_name_that_holds_anything_is_left_alone(place, held):
    """It may be a finished report that was put there, or a copy of an unfinished one."""
    other = place.with_name("._site.partial-0123456789abcdef")
    publish(other, "mine")
    if held is not None:
        (other / LOCK).write_text(held)
    os.utime(other, (0, 0))
    publish(place, "first")
    assert state(other) == "mine"


def test_a_report_between_two_renames_comes_back(place):
    publish(place, "first")
    folder = left_behind(place, kept=True)
    place.rename(folder / exchange.EARLIER)
    with pytest.raises(RuntimeError), site.staged(place):
        raise RuntimeError
    assert state(place) == "first"


def test_two_runs_at_once_both_end_well(place):
    with site.staged(place) as slow:
        build(slow, "slow")
        publish(place, "quick")
        assert state(place) == "quick"
    assert state(place) == "slow"
    assert beside(place) == []


KILLED = """
    import os, random, sys, time
    from pathlib import Path
    from render import earlier, site

    place, moments = Path(sys.argv[1]), int(sys.argv[2])
    files = (earlier.PAGE, earlier.PDF, earlier.RESULTS)
    generator = random.Random(12)

    def publish_forever():
        number = 0
        while True:
            number += 1
            with site.staged(place) as folder:
                for name in files:
                    (folder / name).write_text(f"{os.getpid()} {number}")

    with site.staged(place) as folder:
        for name in files:
            (folder / name).write_text("first")
    for moment in range(moments):
        child = os.fork()
        if not child:
            publish_forever()
        time.sleep(generator.uniform(0, 0.006))
        os.kill(child, 9)
        os.waitpid(child, 0)
        texts = {(place / name).read_text() for name in files}
        if len(texts) != 1 or {each.name for each in place.iterdir()} - earlier.OURS:
            sys.exit(f"after {moment} kills: {texts}")
    for scaffold in place.parent.glob(".*.partial-*"):
        os.utime(scaffold, (0, 0))
    with site.staged(place) as folder:
        (folder / earlier.PAGE).write_text("last")
    if [each.name for each in place.parent.iterdir()] != [place.name]:
        sys.exit(f"left: {list(place.parent.iterdir())}")
"""


def test_killed_at_any_moment_a_whole_report_stays(place):
    place.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(KILLED), str(place), "300"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")

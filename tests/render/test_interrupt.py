"""Whatever ends a render, the earlier report is whole and nothing unfinished stays."""

import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support import elsewhere

KILLS = int(os.environ.get("KILL_MOMENTS", "4"))  # more when it is not run with all the others
STOPS = {signal.SIGINT: 1, signal.SIGTERM: 2, signal.SIGHUP: 1}
DOCUMENT = """---
title: A short report
jupyter: python3
bibliography: references.bib
---

```{python}
#| tags: [parameters]
#| include: false
data = ""
```

```{python}
#| include: false
from analysis.report import document
report = document.load(data)
```

Loans: `{python} report.results.data.rows`
"""


class Place:
    """A copy of the program with a short document, and the report that it has written."""

    def __init__(self, base, watched):
        self.project = elsewhere.copy(base / "project", DOCUMENT)
        self.kept = watched.kept()  # the results of the same loans
        shutil.copytree(self.kept, self.project / ".cache" / "results")
        self.folder = base / "reports"
        self.site = self.folder / "_site"
        self.loans = base / watched.loans.name
        shutil.copy(watched.loans, self.loans)
        self.temporary = base / "temporary"
        self.temporary.mkdir()

    def start(self, out=None, **options):
        environment = elsewhere.PLAIN | elsewhere.DAY | {"TMPDIR": str(self.temporary)}
        arguments = ("--data", str(self.loans))
        out = out or self.site
        return elsewhere.start(self.project, out, *arguments, env=environment, **options)

    def finish(self, **options):
        return elsewhere.finish(self.start(**options))

    def state(self):
        """Return the checksum of the whole report, after holding each file against its own."""
        stated = (self.site / "SHA256SUMS").read_text()
        for line in stated.splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256((self.site / name).read_bytes()).hexdigest() == digest
        assert {each.name for each in self.site.iterdir()} == {*elsewhere.PRODUCTS, "SHA256SUMS"}
        return stated

    def unfinished(self):
        """Name what lies beside the report and in the temporary folder."""
        beside = [each for each in self.folder.iterdir() if each != self.site]
        return beside + list(self.temporary.iterdir())

    def running(self):
        """Name the processes that work with the temporary folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.temporary) in (process / "environ").read_text(errors="replace"):
                    found.append(process.name)
            except OSError:
                continue  # it has ended, or is another user's
        return found

    def wait_for_the_end(self):
        """Wait until no process that a render started is left."""
        end = time.monotonic() + 30
        while self.running():
            assert time.monotonic() < end, "a process outlived its render"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def place(tmp_path_factory, watched):
    found = Place(tmp_path_factory.mktemp("killed"), watched)
    assert found.finish()[0] == 0
    begun = time.monotonic()
    assert found.finish()[0] == 0  # with kept results, as all that follow
    found.seconds = time.monotonic() - begun
    found.first = found.state()
    return found


def moments(place, number, seed):
    """Draw moments over the time that a render takes, in seconds."""
    generator = random.Random(seed)  # noqa: S311 -- no secret
    return [place.seconds * (each + generator.random()) / number for each in range(number)]


def test_killed_at_any_moment_the_earlier_report_stays_whole(place):
    for moment in moments(place, KILLS, seed=1):
        running = place.start()
        time.sleep(moment)
        running.kill()
        running.communicate()
        assert place.state() == place.first
        place.wait_for_the_end()
    for each in place.unfinished():
        os.utime(each, (0, 0))  # what was killed before it was locked is kept for a minute
    assert place.finish()[0] == 0
    assert place.state() == place.first
    assert place.unfinished() == []


def heed_signals():
    """Undo what this test run was told to ignore, such as under nohup."""
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)


def wait_until_it_listens(running):
    """Wait until a process catches SIGHUP, the last signal that a render says it listens to.

    Before, Python itself starts, on a busy machine for longer than on an idle one.
    """
    status = Path(f"/proc/{running.pid}/status")
    while status.exists() and running.poll() is None:
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", status.read_text(), re.MULTILINE)
        if int(caught[1], 16) >> (signal.SIGHUP - 1) & 1:
            return
        time.sleep(0.005)


@pytest.mark.parametrize("number", STOPS)
def test_stopped_at_any_moment_nothing_is_left(place, number):
    for moment in moments(place, STOPS[number], seed=number):
        running = place.start(preexec_fn=heed_signals)
        wait_until_it_listens(running)
        time.sleep(moment * 0.8)
        running.send_signal(number)
        code, said, complaints = elsewhere.finish(running)
        if said:  # it had all been done
            assert (code in {0, -number}, complaints) == (True, "")
        else:
            stopped = "stopped; the earlier report is as it was\n"
            assert (code, said, complaints) == (128 + number, "", stopped)
        assert place.state() == place.first
        place.wait_for_the_end()
        assert place.unfinished() == []


def test_a_stop_that_is_ignored_ends_nothing(place):
    """As for a job in the background, or under nohup."""
    running = place.start(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    for _ in range(4):
        time.sleep(place.seconds / 5)
        running.send_signal(signal.SIGHUP)
    assert elsewhere.finish(running)[0] == 0
    assert place.state() == place.first


def test_two_renders_at_once_end_with_one_whole_report(place):
    running = [place.start() for _ in range(2)]
    ended = [elsewhere.finish(each) for each in running]
    assert [(code, complaints) for code, _, complaints in ended] == [(0, ""), (0, "")]
    assert place.state() == place.first
    assert place.unfinished() == []


@pytest.mark.parametrize("size", [0, 1_000, 20_000])
def test_out_of_room_for_a_file_the_earlier_report_stays(place, size):
    """No file may grow beyond `size` bytes: results.json, the page and the PDF are larger."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    code, said, complaints = place.finish(preexec_fn=limit)
    assert (code, said) == (1, "")
    assert complaints.splitlines()[-1].startswith("error: the report was not rendered: ")
    assert "Traceback" not in complaints
    assert place.state() == place.first
    assert place.unfinished() == []


ON_A_FULL_DISK = """
    set -e
    mount -t tmpfs -o size=$1 tmpfs "$2"
    cp -r "$3" "$2/_site"
    shift 3
    "$@" || echo "ended with $?"
    cd "$PLACE/_site" && sha256sum -c --quiet SHA256SUMS && cat SHA256SUMS
    ls -A "$PLACE"
"""


def test_on_a_full_disk_the_earlier_report_stays(place, tmp_path):
    own = ["unshare", "--mount", "--map-root-user"]
    try:
        subprocess.run([*own, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets no test mount a small disk")
    used = sum(-(-each.stat().st_size // 4096) * 4 for each in place.site.iterdir())
    command = elsewhere.command(tmp_path / "_site", "--data", str(place.loans))
    done = subprocess.run(
        [*own, "sh", "-c", ON_A_FULL_DISK, "sh", f"{used + 40}k", tmp_path, place.site, *command],
        cwd=place.project,
        env=elsewhere.PLAIN | {"PLACE": str(tmp_path), "TMPDIR": str(place.temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No space left on device" in done.stderr
    assert "ended with 1" in done.stdout
    assert place.first in done.stdout
    assert done.stdout.splitlines()[-1] == "_site"


READ_ONLY = """
    set -e
    mount --bind "$1" "$1"
    mount -o remount,bind,ro "$1"
    shift
    exec "$@"
"""


def test_a_shared_installation_that_may_only_be_read_renders(place, tmp_path):
    own = ["unshare", "--mount", "--map-root-user", "sh", "-c", READ_ONLY, "sh", place.project]
    installation = hashlib.sha256(os.fsencode(place.project)).hexdigest()[:12]
    users = tmp_path / "users" / f"module-12-report-{installation}"
    shutil.copytree(place.kept, users / "results")
    done = subprocess.run(
        [*own, *elsewhere.command(tmp_path / "_site", "--data", str(place.loans))],
        cwd=place.project,
        env=elsewhere.PLAIN | elsewhere.DAY | {"XDG_CACHE_HOME": str(tmp_path / "users")},
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("this machine lets no test mount anything")
    assert (done.returncode, elsewhere.without_stages(done.stderr)) == (0, "")
    for name in elsewhere.PRODUCTS:
        assert (tmp_path / "_site" / name).read_bytes() == (place.site / name).read_bytes()
    assert list(users.glob("documents/*.kept"))


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("render/style/style.typ", "#panic()"),
        ("render/style/template.html", "$for(x)$"),
        ("references.bib", "@book{"),
    ],
)
def test_a_failure_in_a_late_step_leaves_the_earlier_report(place, name, broken):
    path = place.project / name
    whole = path.read_text()
    path.write_text(broken)
    try:
        code, said, complaints = place.finish()
    finally:
        path.write_text(whole)
    assert (code, said) == (1, "")
    assert complaints.startswith("error: the report was not rendered: ")
    assert place.state() == place.first
    assert place.unfinished() == []

"""A render asks nothing of the network and reads only the project, its libraries and the data."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from analysis.portfolio import simulate
from tests.support import elsewhere

# In every Python process: write down what is connected to and what is opened for reading, and
# refuse every connection that leaves this machine.
HOOK = """
import json, os, sys

RECORD = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
LOCAL = ("127.", "::1", "localhost")


def record(kind, value):
    os.write(RECORD, (json.dumps([kind, value]) + "\\n").encode())


def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        flags = arguments[2] or 0
        if not flags & (os.O_WRONLY | os.O_CREAT):
            record("open", os.path.abspath(os.fsdecode(arguments[0])))
    elif event in ("socket.connect", "socket.sendto"):
        place = arguments[1]
        if isinstance(place, tuple) and not str(place[0]).startswith(LOCAL):
            record("network", repr(place))
            raise ConnectionRefusedError("this test lets nothing out")
    elif event == "socket.getaddrinfo" and not str(arguments[0]).startswith(LOCAL):
        record("network", repr(arguments[:2]))
        raise OSError("this test looks nothing up")


sys.addaudithook(watch)
record("process", sys.argv[:1])
"""
# What every program on this machine is made of and told by the system.
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/proc", "/sys", "/dev", "/nix", "/opt", "/System")
SETTINGS_OF_THE_SYSTEM = {
    "ld.so.cache",
    "ld.so.preload",
    "localtime",
    "os-release",
    "debian_version",
    "lsb-release",
    "passwd",
    "group",
    "nsswitch.conf",
    "mime.types",
    "gai.conf",
    "host.conf",
    "hosts",
    "resolv.conf",
    "timezone",
    "locale.alias",
    "openssl.cnf",
}


def tracer(record):
    """Give what records the system calls of a process and its children, where it is there."""
    if not shutil.which("strace"):
        return []
    calls = "trace=connect,sendto,sendmsg,sendmmsg,open,openat"
    command = ["strace", "-f", "-qq", "-y", "-e", "signal=none", "-e", calls, "-o", str(record)]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=30)
    except subprocess.TimeoutExpired:
        return []
    return [] if done.returncode else command


class Watched:
    """A render that was watched: what it opened, what it asked of the network, what it left."""

    def __init__(self, base):
        self.project = elsewhere.copy(base / "project")
        self.home, self.hook, self.data = (base / name for name in ("home", "hook", "data"))
        for folder in (self.home, self.hook, self.data):
            folder.mkdir()
        (self.home / ".bashrc").write_text("a secret")
        (self.home / ".gitconfig").write_text("")
        (self.hook / "sitecustomize.py").write_text(HOOK)
        loans = self.data / "loans.csv"
        loans.write_bytes(simulate.to_csv(simulate.portfolio(2_000, seed=5)))
        self.calls, record = base / "calls", base / "record"
        self.traced = bool(tracer(self.calls))
        with tempfile.TemporaryDirectory() as temporary:
            self.temporary = temporary
            running = elsewhere.start(
                self.project,
                self.project / "_site",
                "--data",
                str(loans),
                before=tracer(self.calls),
                env=elsewhere.PLAIN
                | {
                    "HOME": str(self.home),
                    "PYTHONPATH": str(self.hook),
                    "RECORD": str(record),
                    "TMPDIR": temporary,
                },
            )
            self.code, _, self.complaints = elsewhere.finish(running)
            self.left = list(Path(temporary).iterdir())
        self.record = [json.loads(line) for line in record.read_text().splitlines()]

    def opened(self):
        """Name all files that were opened for reading and were there."""
        found = {Path(value) for kind, value in self.record if kind == "open"}
        for line in self.calls.read_text().splitlines() if self.traced else []:
            # strace shows the path of the file descriptor that the call returned
            shown = re.search(r"open(?:at)?\(.*(O_RDONLY|O_RDWR).*\) = \d+<(/[^>]*)>", line)
            if shown:
                found.add(Path(shown[2]))
        return {each for each in found if each.is_file()}

    def allowed(self, path):
        """Whether a report may be made with a file's content."""
        own = (self.project, self.hook, self.data, self.temporary, sys.prefix, sys.base_prefix)
        links = [Path(each).resolve() for each in own]
        if path.is_relative_to("/etc"):
            return path.name in SETTINGS_OF_THE_SYSTEM
        return any(path.is_relative_to(each) for each in (*own, *links, *SYSTEM))


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    found = Watched(tmp_path_factory.mktemp("watched"))
    assert (found.code, found.complaints) == (0, "")
    return found


def test_the_render_is_watched(watched):
    assert ["process", [str(watched.project / "render" / "__main__.py")]] in watched.record or [
        "process",
        ["-m"],
    ] in watched.record
    assert watched.project / "report.qmd" in watched.opened()
    assert watched.data / "loans.csv" in watched.opened()


def test_nothing_is_asked_of_the_network(watched):
    assert [value for kind, value in watched.record if kind == "network"] == []


def test_no_process_reaches_out_of_this_machine(watched):
    if not watched.traced:
        pytest.skip("strace is not installed or may not trace")
    calls = watched.calls.read_text().splitlines()
    assert any("pandoc" in line for line in calls)
    local = re.compile(r'inet_addr\("127\.|"::1"')
    assert [line for line in calls if "sa_family=AF_INET" in line and not local.search(line)] == []


def test_no_other_file_is_read(watched):
    assert sorted(each for each in watched.opened() if not watched.allowed(each)) == []


def test_the_home_folder_stays_as_it_was(watched):
    assert {each.name for each in watched.home.rglob("*")} == {".bashrc", ".gitconfig"}


def test_no_temporary_file_is_left(watched):
    assert watched.left == []


def test_what_is_watched_for_would_be_found(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    (tmp_path / "note").write_text("a secret")
    code = (
        "import socket, sys, contextlib\n"
        "open(sys.argv[1]).read()\n"
        "with contextlib.suppress(OSError):\n"
        "    socket.create_connection(('192.0.2.1', 80), 1)\n"
        "with contextlib.suppress(OSError):\n"
        "    socket.socket().connect(('192.0.2.1', 80))\n"
    )
    record = tmp_path / "record"
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "note")],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "RECORD": str(record)},
        check=True,
    )
    found = [json.loads(line) for line in record.read_text().splitlines()]
    assert ["open", str(tmp_path / "note")] in found
    assert [kind for kind, _ in found].count("network") == 2

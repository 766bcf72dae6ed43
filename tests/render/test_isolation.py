"""A render asks nothing of the network and reads only the project, its libraries and the data."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.watched import HOOK

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


def allowed(watched, path):
    """Whether a report may be made with a file's content."""
    own = (watched.project, watched.hook, watched.data, watched.temporary)
    places = (*own, sys.prefix, sys.base_prefix)
    links = [Path(each).resolve() for each in places]
    if path.is_relative_to("/etc"):
        return path.name in SETTINGS_OF_THE_SYSTEM
    return any(path.is_relative_to(each) for each in (*places, *links, *SYSTEM))


def test_the_render_is_watched(watched):
    assert ["process", [str(watched.project / "render" / "__main__.py")]] in watched.record or [
        "process",
        ["-m"],
    ] in watched.record
    assert watched.project / "report.qmd" in watched.opened()
    assert watched.loans in watched.opened()


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
    assert sorted(each for each in watched.opened() if not allowed(watched, each)) == []


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

"""One render of few loans in a file of a hostile name, watched: what it opens, asks, leaves."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from analysis.portfolio import simulate
from tests.support import elsewhere

# Everything that HTML, Typst, Markdown, Quarto, YAML, a shell or make might act upon.
HOSTILE = (
    "a<b>#{1+1}$x$ {{< meta title >}} `{python} 1+1` <script>x<script> &amp; *c* @tbl-labels ]] "
    "\\n\"'|$(HOME)\n---\ntitle: Another\n---\n\n# Heading.csv"
)
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
# Conditions that must not count; another render is made under others.
CONDITIONS = elsewhere.DAY | {
    "PYTHONHASHSEED": "1",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "OMP_NUM_THREADS": "1",
}
ON_ONE_CORE = textwrap.dedent("""
    import os, sys
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.execv(sys.argv[1], sys.argv[1:])
""")


def tracer(record):
    """Give what records the system calls of a process and its children, where it is there."""
    if not shutil.which("strace"):
        return []
    calls = "trace=connect,sendto,sendmsg,sendmmsg,open,openat"
    options = f"-f --seccomp-bpf -qq -y -e signal=none -e {calls} -o".split()
    command = ["strace", *options, str(record)]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=30)
    except subprocess.TimeoutExpired:
        return []
    return [] if done.returncode else command


class Watched:
    """A render that was watched: what it opened, what it asked of the network, what it left."""

    def __init__(self, base):
        base.mkdir()
        self.project = elsewhere.copy(base / "project")
        elsewhere.commit(self.project)
        self.site = self.project / "_site"
        self.home, self.hook, self.data = (base / name for name in ("home", "hook", "data"))
        for folder in (self.home, self.hook, self.data):
            folder.mkdir()
        (self.home / ".bashrc").write_text("a secret")
        (self.home / ".gitconfig").write_text("")
        (self.hook / "sitecustomize.py").write_text(HOOK)
        self.loans = self.data / HOSTILE
        self.loans.write_bytes(simulate.to_csv(simulate.portfolio(1_000, seed=5)))
        self.calls, record = base / "calls", base / "record"
        self.traced = bool(tracer(self.calls))
        one_core = [sys.executable, "-c", ON_ONE_CORE] if hasattr(os, "sched_setaffinity") else []
        with tempfile.TemporaryDirectory() as temporary:
            self.temporary = temporary
            running = elsewhere.start(
                self.project,
                self.site,
                before=[*tracer(self.calls), *one_core],
                env=elsewhere.PLAIN
                | CONDITIONS
                | {
                    "LENDING_DATA": str(self.loans),
                    "HOME": str(self.home),
                    "PYTHONPATH": str(self.hook),
                    "RECORD": str(record),
                    "TMPDIR": temporary,
                },
            )
            self.code, _, self.complaints = elsewhere.finish(running)
            self.left = list(Path(temporary).iterdir())
        assert (self.code, self.complaints) == (0, ""), self.complaints
        self.record = [json.loads(line) for line in record.read_text().splitlines()]

    def kept(self):
        """Return where the results are kept."""
        return self.project / ".cache" / "results"

    def opened(self):
        """Name all files that were opened for reading and were there."""
        found = {Path(value) for kind, value in self.record if kind == "open"}
        for line in self.calls.read_text().splitlines() if self.traced else []:
            # strace shows the path of the file descriptor that the call returned
            shown = re.search(r"open(?:at)?\(.*(O_RDONLY|O_RDWR).*\) = \d+<(/[^>]*)>", line)
            if shown:
                found.add(Path(shown[2]))
        return {each for each in found if each.is_file()}

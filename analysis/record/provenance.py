"""Where a report came from: data, code, libraries, date and command."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shlex
import string
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

from analysis.base import clock, project
from analysis.base.entries import Commit, Day, Sha256, Text
from analysis.base.errors import printable
from analysis.base.project import ROOT
from analysis.portfolio import declaration
from analysis.portfolio.database.address import DataSource

LIBRARIES = (
    "pandas",
    "numpy",
    "scipy",
    "scikit-learn",
    "imbalanced-learn",
    "pandera",
    "pyarrow",
    "great-tables",
    "matplotlib",
)
MODULES = {"scikit-learn": "sklearn", "imbalanced-learn": "imblearn"}  # named otherwise
LOCK_FILE = ROOT / "requirements.txt"
UNKNOWN = "unknown"
PLAIN = {*string.ascii_letters, *string.digits, *" -._"}
# All that differs from the commit, whatever a checkout's own settings leave out.
STATUS = ("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none")
OF_HOOKS = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"}


@dataclass(frozen=True)
class Provenance:
    """What made a report, apart from its data.

    Attributes
    ----------
    commit : str
        The commit of the code, 40 hexadecimal digits, or "unknown" where the project is not the
        top of a git checkout: another repository's commit says nothing of this code.
    clean : bool
        Whether the code was exactly that commit.
    code_sha256, lock_sha256 : str
        Fingerprints of the analysis code and of requirements.txt.
    declaration : str
        The name of the file that declares the loans.
    declaration_sha256 : str
        Fingerprint of its bytes.
    python : str
        Version of Python.
    platform : str
        Operating system and processor.
    libraries : dict of str to str
        Version of each library that the figures depend on; "unknown" for one that was loaded from
        another place than it is installed in.
    as_locked : bool
        Whether each of these versions is the one of requirements.txt.
    date : str
        Day in UTC, YYYY-MM-DD; SOURCE_DATE_EPOCH sets it.
    command : str
        The command that makes this report again, with the names of the data file and, where they
        were named, of its declaration, of the earlier report and of the hand-written one.
    """

    commit: Commit
    clean: bool
    code_sha256: Sha256
    lock_sha256: Sha256
    declaration: Text
    declaration_sha256: Sha256
    python: Text
    platform: Text
    libraries: dict[str, Text]
    as_locked: bool
    date: Day
    command: Text


def trace(path: DataSource | None) -> Provenance:
    """Collect the provenance of a report on a loan file, None for the simulated portfolio."""
    commit, declared = _commit(), declaration.locate(path)
    return Provenance(
        commit=commit or UNKNOWN,
        clean=bool(commit) and _git(*STATUS) == "",
        code_sha256=code_fingerprint(),
        lock_sha256=hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest(),
        declaration=printable(declared.name),
        declaration_sha256=hashlib.sha256(declared.read_bytes()).hexdigest(),
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        libraries=library_versions(),
        as_locked=library_versions().items() <= _locked().items(),
        date=clock.today(),
        command=_command(path.name if path else None),
    )


def _command(data_name: str | None) -> str:
    """Return the command that makes a report again, with the names of its files."""
    named = {"PORTFOLIO": project.PORTFOLIO} if data_name else {}
    named |= {"SINCE": project.SINCE, "AUDIT": project.AUDIT}
    paths = {each: os.environ.get(variable) for each, variable in named.items()}
    names = {"DATA": data_name} | {each: Path(path).name for each, path in paths.items() if path}
    given = [f" {each}={_quoted(name)}" for each, name in names.items() if name]
    return f"make report{''.join(given)}"


def _quoted(name: str) -> str:
    """Write a file's name for a shell; on one line and as plain text, whatever bytes it is of."""
    if name.isprintable():
        return shlex.quote(name)
    escaped = (chr(each) if chr(each) in PLAIN else f"\\x{each:02x}" for each in os.fsencode(name))
    return f"$'{''.join(escaped)}'"


@cache
def library_versions() -> dict[str, str]:
    """Return the version of each library that the figures depend on, as it is loaded here."""
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    """Return an installed version, unless Python is told to load the library from elsewhere."""
    installed = distribution(name)
    module = find_spec(MODULES.get(name, name.replace("-", "_")))
    place = Path(str(installed.locate_file(""))).resolve()
    loaded = module is not None and place in Path(module.origin or "").resolve().parents
    return installed.version if loaded else UNKNOWN


def _locked() -> dict[str, str]:
    """Return the version of each library in requirements.txt."""
    return dict(
        re.findall(r"^([\w-]+)==(\S+)", LOCK_FILE.read_text(encoding="utf-8"), re.MULTILINE)
    )


@cache
def code_fingerprint() -> str:
    """Return the SHA-256 of all Python files of the analysis package, names included."""
    digest = hashlib.sha256()
    package = ROOT / "analysis"
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _commit() -> str:
    """Return the commit of a checkout whose top this project is; "" where there is none."""
    inside, _, commit = (_git("rev-parse", "--show-prefix", "HEAD") or "").partition("\n")
    return "" if inside else commit.strip()


def _git(*arguments: str) -> str | None:
    """Return what git prints of this project; None where there is no git or no checkout."""
    # Whoever may run this code may ask git about it, even if the folder is another user's.
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments]
    # No one's settings decide whether the tree is clean, no hook's variables where it is, and
    # asking changes nothing.
    environment = {name: os.environ[name] for name in os.environ if name not in OF_HOOKS}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        done = subprocess.run(  # noqa: S603 -- fixed arguments, no shell
            command, env=environment, capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None

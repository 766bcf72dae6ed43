"""Loans in databases: a DuckDB file made of a table, a PostgreSQL server of one's own, Spark."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest


def duckdb(path, table, name="loans"):
    """Write a table into a DuckDB file, and return its address."""
    engine = pytest.importorskip("duckdb")
    with engine.connect(str(path)) as connection:
        connection.register("given", table)
        connection.sql("SELECT * FROM given").create(name)
    return f"duckdb://{quote(str(path))}?table={name}"


def execute(path, *statements):
    """Execute statements in a DuckDB file."""
    engine = pytest.importorskip("duckdb")
    with engine.connect(str(path)) as connection:
        for each in statements:
            connection.execute(each)


USER, PASSWORD = "analyst", "p@ss/w:rd%1"


class Server:
    """A PostgreSQL server of one's own, in a folder and on a port that nobody else uses."""

    def __init__(self, folder, binaries):
        self._folder, self._binaries = folder, binaries
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self):
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        data = self._folder / "data"
        self._run(
            "initdb",
            f"--pgdata={data}",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        )
        told = f"-p {self.port} -h 127.0.0.1 -k {self._folder} -c fsync=off"
        self._run(
            "pg_ctl", f"--pgdata={data}", "-w", "-l", f"{self._folder}/log", "-o", told, "start"
        )

    def stop(self):
        self._run("pg_ctl", f"--pgdata={self._folder}/data", "-m", "immediate", "stop")

    def _run(self, name, *arguments):
        """Run one of its programs, which refuse to run as root."""
        as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        with (self._folder / "said").open("w") as said:
            subprocess.run(
                [self._binaries / name, *arguments],
                check=True,
                cwd=self._folder,
                stdout=said,
                stderr=said,
                timeout=60,
                extra_groups=[] if as_user else None,
                **as_user,
            )

    def address(self, asked, password=PASSWORD, user=USER):
        where = f"127.0.0.1:{self.port}/postgres"
        return f"postgres://{user}:{quote(password, safe='')}@{where}?{asked}"

    def execute(self, *statements):
        """Execute statements, and return the rows of the last one where it has any."""
        psycopg = pytest.importorskip("psycopg")
        told = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD}
        with psycopg.connect(**told, dbname="postgres", autocommit=True) as connection:
            for each in statements:
                found = connection.execute(each)
            return found.fetchall() if found.description else None

    def copy(self, table, name):
        """Make a table of a frame, in its order."""
        psycopg = pytest.importorskip("psycopg")
        kinds = {"f": "double precision", "i": "bigint"}
        columns = ", ".join(f'"{each}" {kinds[table[each].dtype.kind]}' for each in table)
        told = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD}
        with psycopg.connect(**told, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN CSV') as copy:
                copy.write(table.to_csv(index=False, header=False))


@contextlib.contextmanager
def postgres():
    """Start a PostgreSQL server, and stop it again; None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb") or (found[-1] if found else None)
    if not named:
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Server(folder, Path(named).parent)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def needs_spark():
    """Skip a test where Spark is not installed, or Java."""
    pytest.importorskip("pyspark", reason="Spark is not installed: make spark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not installed, which Spark needs")

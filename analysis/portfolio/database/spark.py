"""Spark, in local mode or of a cluster: started quietly, its settings on no command line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from analysis.base import files, parallel
from analysis.portfolio.database.address import Address

JAVA = "install Java 17 or newer (Debian: default-jre-headless), or name its folder in JAVA_HOME"
SPECIAL = re.compile(r"([\\\s])")  # in a value of a Java properties file


@contextmanager
def opened(address: Address) -> Iterator[Any]:
    """Start Spark, and give Ibis's connection to it.

    Raises
    ------
    InputError
        When Java does not start.
    """
    import ibis  # noqa: PLC0415 -- installed and loaded only for databases
    from pyspark import SparkContext, errors, java_gateway  # noqa: PLC0415 -- likewise
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- likewise

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        written, said = Path(folder, "settings"), Path(folder, "said")
        files.write(written, _settings(address, folder).encode(), mode=0o600)
        told = {"PYSPARK_SUBMIT_ARGS": f"--properties-file {written} pyspark-shell"}
        try:
            with said.open("wb") as stream, parallel.variables(told):
                streams = {"stdout": DEVNULL, "stderr": stream}
                gateway = java_gateway.launch_gateway(popen_kwargs=streams)
        except (errors.PySparkRuntimeError, OSError):
            raise address.refuse(f"Java does not start{_last(said)}", JAVA, "Java") from None
        session = SparkSession(SparkContext(gateway=gateway))
        try:
            yield ibis.pyspark.connect(session)
        finally:
            session.stop()


def _settings(address: Address, folder: str) -> str:
    """Write Spark's settings: what the address says, else what leaves nothing in any folder."""
    url = address.url
    usual = {"spark.ui.enabled": "false", "spark.sql.warehouse.dir": f"{folder}/warehouse"}
    usual |= {"spark.master": f"spark://{url.netloc}"} if url.netloc else {}
    told = usual | address.others
    escaped = {key: SPECIAL.sub(r"\\\1", value) for key, value in told.items()}
    return "".join(f"{key}={value}\n" for key, value in escaped.items())


def _last(said: Path) -> str:
    lines = [each for each in said.read_text(errors="replace").splitlines() if each[:1].strip()]
    return f": {lines[-1]}" if lines else ""

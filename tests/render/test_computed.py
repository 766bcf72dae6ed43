"""What a render hands to Quarto is computed once for the same data, code and settings."""

from dataclasses import dataclass

import pytest

from analysis.base import project
from analysis.portfolio import file
from analysis.record import made, serial
from render import computed


@dataclass(frozen=True)
class Made:
    """What a report is made of, in a kind that can be kept."""

    json: str


Made.__module__ = "analysis.record.made"  # only the program's own kinds are written down


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """What was computed: the files' fingerprints."""
    found = []

    def of(path, fingerprint):
        assert fingerprint == (file.fingerprint(path) if path else "")
        found.append(fingerprint)
        return Made(f"run {len(found)}, \udce9")  # a byte of a file's name that is no text

    monkeypatch.setattr(made, "of", of)
    monkeypatch.setenv(project.CACHE, str(tmp_path / "kept"))
    return found


def test_a_second_render_finds_what_the_first_one_computed(calls, tmp_path):
    loans = tmp_path / "loans.csv"
    loans.write_text("any content")
    first = computed.of(loans)
    assert first.results == "run 1, \udce9"
    assert first.handed.encode("utf-8", "surrogatepass") == serial.dump(Made("run 1, \udce9"))
    assert computed.of(loans) == first
    assert len(calls) == 1


def test_another_file_and_other_settings_are_computed(calls, tmp_path, monkeypatch):
    loans = tmp_path / "loans.csv"
    loans.write_text("any content")
    computed.of(loans)
    loans.write_text("other content")
    assert computed.of(loans).results.startswith("run 2")
    assert computed.of(None).results.startswith("run 3")
    monkeypatch.setattr(computed.settings, "load", lambda: "another owner's")
    assert computed.of(None).results.startswith("run 4")
    assert len(calls) == 4

"""The program's own folder is there and can be written to, or an error says what to do."""

from pathlib import Path

import pytest

from analysis import files
from analysis.errors import InputError


def test_a_folder_is_made_with_those_above_it_and_left_empty(tmp_path):
    for _ in range(2):
        files.make_folder(tmp_path / "one" / "two")
        assert list((tmp_path / "one" / "two").iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_an_error_that_names_it(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"it cannot be written to(.|\n)*to do: copy the project"):
        files.make_folder(tmp_path / place)


def test_a_folder_into_which_nothing_can_be_written_is_an_error():
    with pytest.raises(InputError, match="it cannot be written to"):
        files.make_folder(Path("/proc/self"))

"""What is freed goes back to the system, though something above it is still held."""

import sys

import numpy as np
import psutil
import pytest

from analysis.base import memory


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give back by themselves")
def test_what_was_freed_between_pieces_still_in_use_is_given_back():
    held = [np.ones(12_000) for _ in range(1_500)]  # 96 KB each: none is mapped by itself
    held = held[::2]
    before = psutil.Process().memory_info().rss
    memory.give_back()
    assert psutil.Process().memory_info().rss < before - 40 * 2**20
    assert len(held) == 750

"""Ctrl-C is heard even where Python drops the error that it raises."""

import os
import signal
import time

import pytest

from analysis.base import stopping


class Stops:
    """An object in whose removal somebody presses Ctrl-C."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)


def _stopped():
    with stopping.heard():
        Stops()
        time.sleep(20)


def test_a_stop_that_went_nowhere_is_told_again(monkeypatch):
    monkeypatch.setattr(stopping, "AGAIN", 0.05)
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGALRM)]
    with pytest.raises(KeyboardInterrupt):
        _stopped()
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGALRM)] == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_job_in_the_background_is_not_stopped():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping.heard():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
    finally:
        signal.signal(signal.SIGINT, before)

"""Libraries are loaded in one go, without what only tests use."""

import subprocess
import sys

from analysis.base.project import ROOT


def printed(code):
    command = [sys.executable, "-c", f"import gc, sys\nfrom analysis.base import libraries\n{code}"]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()


def test_what_only_tests_use_is_not_loaded_and_can_be_later():
    found = printed(
        "libraries.load(['imblearn.over_sampling', 'pandera.strategies.pandas_strategies'])\n"
        "print('imblearn' in sys.modules, sorted(sys.modules.keys() & {'pytest', 'hypothesis'}))\n"
        "import hypothesis\n"
        "print(hypothesis.__name__)"
    )
    assert found == ["True", "[]", "hypothesis"]


def test_garbage_is_collected_after_it_and_what_was_loaded_is_passed_over():
    found = printed(
        "starts = []\n"
        "gc.callbacks.append(lambda phase, _: starts.append(phase))\n"
        "libraries.load(['email.message', 'xml.dom.minidom'])\n"
        "print(starts, gc.isenabled(), gc.get_freeze_count() > 1_000)\n"
        "gc.unfreeze()\n"
        "libraries.load(['email.message'])\n"
        "print(gc.get_freeze_count())"
    )
    assert found == ["[]", "True", "True", "0"]


def test_a_module_that_is_not_there_is_an_error_and_garbage_is_collected_again():
    found = printed(
        "try:\n"
        "    libraries.load(['analysis.none'])\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error.name, gc.isenabled(), 'pytest' in sys.modules)"
    )
    assert found == ["analysis.none", "True", "False"]

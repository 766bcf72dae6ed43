"""Work spread over processes: the results of the plain loop, and errors that are not lost."""

import errno
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
import time
import warnings
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.base import parallel
from analysis.base.errors import EndedEarlyError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is the plain loop")

NUMBERS = [1, 2, 5]


@pytest.fixture(params=NUMBERS)
def workers(request, monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: request.param)
    return request.param


@pytest.fixture
def two_workers(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 2)


def squared(number):
    return number**2


def of_this_process(_):
    time.sleep(0.05)  # so that the others take tasks, too
    return os.getpid()


def run(function, tasks):
    with parallel.begun(function, tasks) as results:
        return gathered(results)


def gathered(results):
    """Return the results, each of which was told of by itself."""
    steps = []
    found = results(steps.append)
    assert steps == [1] * len(found)
    return found


@given(tasks=st.lists(st.integers(-1_000, 1_000), max_size=12), cores=st.sampled_from(NUMBERS))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_results_come_in_the_order_of_their_tasks(tasks, cores, monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    assert run(squared, tasks) == [squared(each) for each in tasks]


def test_large_results_come_whole(workers):
    # More than a pipe holds: a worker waits until it is read.
    sizes = [200_000 + number for number in range(2 * workers)]
    assert [len(each) for each in run(bytes, sizes)] == sizes


def test_the_work_is_shared_among_as_many_processes_as_there_are_cores(workers):
    found = run(of_this_process, range(30))
    assert len(set(found)) == workers
    assert (os.getpid() in found) == (workers == 1)


def first_is_long(number):
    time.sleep(0.5 if number == 0 else 0.01)
    return os.getpid()


@pytest.mark.usefixtures("two_workers")
def test_who_is_free_takes_the_next_task():
    found = run(first_is_long, range(10))
    assert found.count(found[0]) == 1
    assert len(set(found)) == 2


def test_no_more_processes_than_tasks(monkeypatch):
    started, usual = [], parallel._start
    monkeypatch.setattr(parallel, "cores", lambda: 64)
    monkeypatch.setattr(
        parallel, "_start", lambda *given, **told: (started.append(given), usual(*given, **told))[1]
    )
    assert run(squared, range(3)) == [0, 1, 4]
    assert len(started) == 3


@pytest.mark.parametrize(("most", "number"), [(1, 1), (2, 2), (9, 3), (None, 3)])
def test_memory_may_allow_fewer_processes_than_cores(monkeypatch, most, number):
    monkeypatch.setattr(parallel, "cores", lambda: 3)
    with parallel.begun(of_this_process, range(20), most) as results:
        assert len(set(gathered(results))) == number


@pytest.mark.usefixtures("two_workers")
def test_work_goes_on_before_its_results_are_asked_for(tmp_path):
    with parallel.begun(partial(marked, tmp_path), range(4)) as results:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(list(tmp_path.iterdir())) == 4
        assert gathered(results) == [0, 1, 2, 3]


def marked(folder, number):
    (folder / str(number)).touch()
    return number


def failing(number):
    if number == 3:
        raise KeyError("three")
    return number


def test_an_error_is_raised_where_the_results_are_asked_for(workers):
    del workers
    with parallel.begun(failing, range(6)) as results, pytest.raises(KeyError, match="three"):
        gathered(results)
    assert multiprocessing.active_children() == []


def dying(number):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.usefixtures("two_workers")
def test_a_worker_that_dies_is_an_error():
    with pytest.raises(EndedEarlyError, match="a process that computes ended early"):
        run(dying, range(4))
    assert multiprocessing.active_children() == []


def dying_later(_):
    # The pipe is full long before all is sent, so that it dies in the midst of a result.
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return bytes(10_000_000)


@pytest.mark.usefixtures("two_workers")
def test_a_worker_that_dies_while_it_sends_is_an_error():
    with parallel.begun(dying_later, range(2)) as results:
        while multiprocessing.active_children():
            time.sleep(0.01)
        with pytest.raises(EndedEarlyError, match="a process that computes ended early"):
            gathered(results)


def asleep(folder, number):
    (folder / str(os.getpid())).touch()
    time.sleep(600)
    return number


@pytest.mark.usefixtures("two_workers")
def test_leaving_without_asking_ends_the_workers(tmp_path):
    begun = time.monotonic()
    with parallel.begun(partial(asleep, tmp_path), range(2)):
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < begun + 60:
            time.sleep(0.01)
    assert multiprocessing.active_children() == []
    assert time.monotonic() < begun + 100
    processes = [int(path.name) for path in tmp_path.iterdir()]
    assert len(processes) == 2
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.usefixtures("two_workers")
def test_an_error_meanwhile_ends_the_workers(tmp_path):
    with pytest.raises(ZeroDivisionError), parallel.begun(partial(asleep, tmp_path), range(2)):
        raise ZeroDivisionError
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("two_workers")
def test_a_key_that_interrupts_the_program_is_not_the_workers_to_answer():
    assert run(interrupted, range(2)) == [0, 1]


def interrupted(number):
    os.kill(os.getpid(), signal.SIGINT)
    return number


@pytest.mark.usefixtures("two_workers")
def test_a_warning_of_threads_that_a_copy_lacks_does_not_escape(monkeypatch):
    usual = os.fork

    def fork():
        # As from Python 3.12 on, in a process with threads; tests have warnings as errors.
        warnings.warn("use of fork() may lead to deadlocks", DeprecationWarning, stacklevel=2)
        return usual()

    monkeypatch.setattr(os, "fork", fork)
    assert run(squared, range(3)) == [0, 1, 4]


@pytest.mark.usefixtures("two_workers")
def test_one_piece_of_work_goes_on_beside_this_process(tmp_path):
    with parallel.beside(partial(marked, tmp_path, 7)) as waiting:
        deadline = time.monotonic() + 60
        while not (tmp_path / "7").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert waiting() == 7
    with parallel.beside(os.getpid) as waiting:
        assert waiting() != os.getpid()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(("platform", "number"), [("linux", 1), ("darwin", 4), ("win32", 4)])
def test_where_nothing_goes_on_beside_the_work_is_done_when_asked_for(
    monkeypatch, tmp_path, platform, number
):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(parallel, "cores", lambda: number)
    with parallel.beside(partial(marked, tmp_path, 7)) as waiting:
        assert list(tmp_path.iterdir()) == []
        assert waiting() == 7


@pytest.mark.usefixtures("two_workers")
def test_an_error_of_the_work_beside_is_raised_where_it_is_waited_for():
    with parallel.beside(partial(failing, 3)) as waiting, pytest.raises(KeyError, match="three"):
        waiting()


def sharing(folder):
    """Share work among further processes, none of which ends by itself."""
    return run(partial(asleep, folder), range(2))


@pytest.mark.usefixtures("two_workers")
def test_the_work_beside_ends_with_all_that_it_began(tmp_path):
    with parallel.beside(partial(sharing, tmp_path)):
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    processes = [int(path.name) for path in tmp_path.iterdir()]
    assert len(processes) == 2
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


class Deaf:
    """Takes the error that a signal raises for its own, as an object that is removed does."""

    def __init__(self, folder):
        self.folder = folder

    def __del__(self):
        (self.folder / str(os.getpid())).touch()
        time.sleep(600)


def deaf(folder):
    Deaf(folder)
    time.sleep(600)


@pytest.mark.usefixtures("two_workers")
def test_the_work_beside_ends_although_the_first_signal_is_lost(tmp_path, capfd):
    with parallel.beside(partial(deaf, tmp_path)):
        deadline = time.monotonic() + 60
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert multiprocessing.active_children() == []
    assert capfd.readouterr().err == ""


def abandoned(folder):
    """Begin work whose result nobody will take."""
    with parallel.beside(partial(large, folder)):
        while not list(folder.iterdir()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)


def large(folder):
    (folder / "begun").touch()
    return bytes(10_000_000)  # more than the pipe holds


@pytest.mark.usefixtures("two_workers")
def test_the_work_beside_does_not_outlive_who_waits_for_it(tmp_path):
    held, holding = os.pipe()
    process = multiprocessing.get_context("fork").Process(target=abandoned, args=(tmp_path,))
    process.start()
    os.close(holding)
    process.join()
    ended, _, _ = select.select([held], [], [], 60)  # once no process has its other end
    os.close(held)
    assert ended


def killed(folder, ways):
    """Begin work in one of both ways, and die as when memory runs out."""
    begun = parallel.beside(partial(ways, folder)) if ways is sharing else parallel.begun
    with begun if ways is sharing else begun(partial(ways, folder), range(2)):
        while len(list(folder.iterdir())) < 2:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("two_workers")
@pytest.mark.parametrize("ways", [asleep, sharing])
def test_what_computes_ends_at_once_with_a_program_that_is_killed(tmp_path, ways):
    process = multiprocessing.get_context("fork").Process(target=killed, args=(tmp_path, ways))
    process.start()
    process.join()
    end = time.monotonic() + 1
    workers = [int(path.name) for path in tmp_path.iterdir()]
    assert len(workers) == 2
    while living := [each for each in workers if alive(each)]:
        assert time.monotonic() < end, f"{living} outlived the program"
        time.sleep(0.01)


def commanding(folder):
    """Begin a command that would go on, and die as when memory runs out."""
    ends = parallel.ending_with_this()
    with subprocess.Popen(["sleep", "600"], preexec_fn=ends) as running:  # noqa: PLW1509, S607
        (folder / str(running.pid)).touch()
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_command_ends_at_once_with_a_program_that_is_killed(tmp_path):
    process = multiprocessing.get_context("fork").Process(target=commanding, args=(tmp_path,))
    process.start()
    process.join()
    end = time.monotonic() + 1
    (command,) = [int(path.name) for path in tmp_path.iterdir()]
    while alive(command):
        assert time.monotonic() < end, "the command outlived the program"
        time.sleep(0.01)


def alive(process):
    """Return whether a process runs; one that has ended may wait for its parent to know."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def test_results_come_one_by_one_and_those_to_come_go_on(workers, tmp_path):
    coming = parallel.coming(partial(marked, tmp_path), range(3))
    assert next(coming) == 0
    deadline = time.monotonic() + 60
    while workers > 1 and len(list(tmp_path.iterdir())) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(list(tmp_path.iterdir())) == (3 if workers > 1 else 1)
    assert [next(coming), next(coming)] == [1, 2]
    assert multiprocessing.active_children() == []


def test_an_error_is_raised_where_its_result_would_come(workers):
    del workers
    coming = parallel.coming(failing, [2, 3, 4])
    assert next(coming) == 2
    with pytest.raises(KeyError, match="three"):
        next(coming)
    assert multiprocessing.active_children() == []


def test_the_cores_are_those_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 4, 6})
    assert parallel.cores() == 3


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_work_in_this_process(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    assert parallel.cores() == 1
    monkeypatch.setattr(parallel, "cores", lambda: 4)
    assert set(run(of_this_process, range(4))) == {os.getpid()}


LIMITED = """
import sys
from analysis.base import parallel
from threadpoolctl import threadpool_info
assert "scipy.linalg" not in sys.modules
with parallel.one_thread():
    import scipy.linalg
    print({each["num_threads"] for each in threadpool_info()})
"""


def test_linear_algebra_that_is_loaded_later_has_one_thread_too():
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "{1}\n"


@pytest.mark.usefixtures("two_workers")
@pytest.mark.parametrize("begun", [0, 1])
def test_where_no_more_processes_can_be_begun_the_work_is_done_in_this_one(monkeypatch, begun):
    fork, left = os.fork, [begun]

    def full():
        left[0] -= 1
        if left[0] < 0:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return fork()

    monkeypatch.setattr(os, "fork", full)
    with parallel.begun(squared, [1, 2, 3]) as answers:
        assert answers(lambda _: None) == [1, 4, 9]
    left[0] = begun
    assert list(parallel.coming(squared, [1, 2, 3])) == [1, 4, 9]
    left[0] = 0
    with parallel.beside(partial(squared, 3)) as answer:
        assert answer() == 9
    assert not multiprocessing.active_children()

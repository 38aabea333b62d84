"""Reports' processes and the server they are forked from: limits, lives and deaths, with real processes and signals."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from cells import COLD, LIGHT, either_kind, executed, forks, run, shown

from perfeval.model import scratch
from perfeval.run import processes
from perfeval.run.processes import Conditions

LIMITED = Conditions(forked=processes.FORKS, memory_mb=500, minutes=0.1)
SERVER = "multiprocessing.forkserver"


@pytest.fixture(autouse=True)
def light_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PRELOAD", LIGHT)


@pytest.fixture(autouse=True, scope="module")
def no_server_stays() -> Iterator[None]:
    yield
    processes.close()


@pytest.fixture
def own_server() -> Iterator[None]:
    """A server started by the test, and ended after it."""
    processes.close()
    yield
    processes.close()


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait for something that happens in another process; what it is."""
    last = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < last, "it did not happen"
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_server(process: psutil.Process) -> bool:
    return any(SERVER in part for part in process.cmdline())


def servers() -> list[psutil.Process]:
    """The servers of this process; one that has just been forked is not yet known as such: wait for it."""
    return [child for child in psutil.Process().children() if alive(child.pid) and is_server(child)]


def kernels() -> list[str]:
    """Processes that run a report's cells for this one, of either kind."""
    return [
        " ".join(child.cmdline())
        for child in psutil.Process().children(recursive=True)
        if alive(child.pid) and ("ipykernel_launcher" in child.cmdline() or is_server(child.parent() or child))
    ]


def begun(folder: Path) -> int:
    """The process id that a cell has left."""
    return until(lambda: (folder / "pid").is_file() and int((folder / "pid").read_text() or 0))


SHORT = Path(processes.SHORT_FOLDER)
LEAVE_PID = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid()))\n"
"""First line of cells whose process the test is to know."""


@pytest.fixture
def in_thread(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Run cells while the test goes on; a future of what becomes of them."""
    with ThreadPoolExecutor(2) as pool:
        yield lambda *sources, folder=tmp_path: pool.submit(run, folder, *sources)


# ---- what a notebook finds


@either_kind
def test_charts_drawn_with_pyplot_are_there(tmp_path: Path, conditions: Conditions) -> None:
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    made = run(tmp_path, draw, draw, conditions=conditions)
    outputs = [output for cell in executed(made).cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.data for output in outputs) == 2
    assert made.cpu_seconds > 0
    assert made.peak_mb > 10
    assert kernels() == []


@either_kind
def test_the_cells_run_in_their_folder_with_utf8(tmp_path: Path, conditions: Conditions) -> None:
    made = run(tmp_path, "import os, sys; print(os.getcwd(), sys.flags.utf8_mode, year)", conditions=conditions)
    assert shown(made) == f"{tmp_path} 1 2023"


# ---- limits


@either_kind
def test_a_notebook_that_runs_too_long_is_ended_even_if_it_will_not_listen(
    tmp_path: Path, conditions: Conditions
) -> None:
    deaf = "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
    made = run(tmp_path, deaf, conditions=Conditions(conditions.forked, minutes=0.05))
    assert "单元格“cell-1”运行时" in made.failure
    assert "运行超过时限（0.05分钟，见 perfeval.toml 的 minutes）" in made.failure
    assert made.texts == {}
    assert min(made.cpu_seconds, made.peak_mb) > 0.1, "what it has cost is known all the same"
    assert kernels() == []


@either_kind
def test_a_process_that_holds_too_much_memory_is_ended(tmp_path: Path, conditions: Conditions) -> None:
    grow = "import time\nheld = []\nwhile True:\n    held.append(b'x' * 2**24)\n    time.sleep(0.02)"
    made = run(tmp_path, grow, conditions=Conditions(conditions.forked, memory_mb=200))
    assert "内存超过上限（200 MB，见 perfeval.toml 的 memory_mb）" in made.failure or "MemoryError" in made.failure
    assert kernels() == []


@forks
def test_one_allocation_beyond_the_limit_fails_in_its_own_cell(tmp_path: Path) -> None:
    caught = "try:\n    bytearray(600 * 2**20)\nexcept MemoryError:\n    print('too much')"
    assert shown(run(tmp_path, caught, conditions=LIMITED)) == "too much"


# ---- deaths


@either_kind
def test_a_killed_process_is_said_to_have_ended_and_its_cell_named(tmp_path: Path, conditions: Conditions) -> None:
    kill = f"import os; os.kill(os.getpid(), {int(signal.SIGTERM)}); os._exit(1)"
    made = run(tmp_path, "1", kill, conditions=conditions)
    assert made.failure.startswith("单元格“cell-2”运行时笔记本内核已结束：内核进程中途退出")
    assert (made.texts, made.attempts) == ({}, 1)
    assert kernels() == []


@either_kind
def test_nothing_is_repeated_once_a_cell_has_begun(tmp_path: Path, conditions: Conditions) -> None:
    count = "with open('count.txt', 'a') as file: file.write('x')\nimport os; os._exit(255)"
    assert run(tmp_path, count, conditions=conditions).failure
    assert (tmp_path / "count.txt").read_text(encoding="utf-8") == "x"


@forks
def test_a_process_killed_from_outside_is_seen_to_be_dead_and_what_it_has_started_ends(
    tmp_path: Path, in_thread
) -> None:
    start = "import subprocess; pathlib.Path('stray').write_text(str(subprocess.Popen(['sleep', '600']).pid))"
    going = in_thread(f"{LEAVE_PID}{start}\ntime.sleep(600)")
    pid = begun(tmp_path)
    stray = until(lambda: (tmp_path / "stray").is_file() and int((tmp_path / "stray").read_text() or 0))
    os.kill(pid, signal.SIGKILL)  # not its group
    assert "内核进程中途退出" in going.result(60).failure
    until(lambda: not alive(stray))


@forks
def test_what_a_forked_child_holds_open_does_not_hide_that_a_process_is_dead(tmp_path: Path) -> None:
    made = run(
        tmp_path, "import os, time\nif not os.fork():\n    os.setsid()\n    time.sleep(5)\nelse:\n    os._exit(3)"
    )
    assert "内核进程中途退出" in made.failure


@forks
def test_an_interrupt_fails_its_cell(tmp_path: Path, in_thread) -> None:
    going = in_thread(f"{LEAVE_PID}for _ in range(1000): time.sleep(.05)")
    os.kill(begun(tmp_path), signal.SIGINT)
    assert going.result(60).failure == "单元格“cell-1”出错：KeyboardInterrupt"


@forks
def test_a_process_ends_by_itself_whatever_threads_are_left_and_first_does_what_it_has_put_off(tmp_path: Path) -> None:
    leave = """
import atexit, os, pathlib, tempfile, threading, time
kept = tempfile.TemporaryDirectory()
pathlib.Path('folder').write_text(kept.name)
atexit.register(lambda: pathlib.Path('done').write_text('x'))
threading.Thread(target=time.sleep, args=(600,)).start()
"""
    began = time.monotonic()
    assert executed(run(tmp_path, leave))
    assert (tmp_path / "done").exists()
    assert not Path((tmp_path / "folder").read_text(encoding="utf-8")).exists()
    assert kernels() == []
    assert time.monotonic() - began < 300


# ---- the server


@forks
@pytest.mark.usefixtures("own_server")
def test_one_server_forks_every_process(tmp_path: Path, in_thread) -> None:
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
    wait = f"{LEAVE_PID}while not pathlib.Path('../go').exists(): time.sleep(.02)"
    going = [in_thread(wait, folder=folder) for folder in folders]
    pids = [begun(folder) for folder in folders]
    (server,) = until(servers)
    assert sorted(child.pid for child in server.children()) == sorted(pids)
    (tmp_path / "go").touch()
    assert [executed(one.result(60)).cells[-1].outputs for one in going] == [[], []]


@forks
def test_the_server_has_one_python_thread_when_it_forks_and_leaves_the_charts_backend_to_jupyter() -> None:
    code = """
import sys, threading
import perfeval.preload
print(threading.active_count(), *(name in sys.modules for name in
      ("perfeval.present.show", "matplotlib.pyplot", "matplotlib_inline.backend_inline")))
"""
    environment = {**os.environ, processes.DATA: ""}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, env=environment)
    assert done.stdout.split() == ["1", "True", "False", "False"]


@forks
@pytest.mark.usefixtures("own_server")
def test_a_process_outlives_its_server_and_the_next_comes_from_a_new_one(tmp_path: Path, in_thread) -> None:
    going = in_thread(f"{LEAVE_PID}while not pathlib.Path('go').exists(): time.sleep(.02)\nprint(6 * 7)")
    begun(tmp_path)
    (old,) = until(servers)
    old.kill()
    until(lambda: not alive(old.pid))
    other = tmp_path / "other"
    other.mkdir()
    assert shown(run(other, "print('new')")) == "new"
    (new,) = until(servers)
    assert new.pid != old.pid
    (tmp_path / "go").touch()
    made = going.result(60)
    assert (shown(made), made.attempts) == ("42", 1)


@forks
@pytest.mark.usefixtures("own_server")
def test_a_server_that_dies_while_it_is_asked_is_replaced(tmp_path: Path, in_thread) -> None:
    assert shown(run(tmp_path, "print(1)")) == "1"
    (stuck,) = until(servers)
    stuck.suspend()  # the next request is sent, and never read
    going = in_thread("print(2)")
    time.sleep(1)
    stuck.kill()
    made = going.result(60)
    assert (shown(made), made.attempts) == ("2", 2)


@forks
@pytest.mark.usefixtures("own_server")
def test_a_server_that_gives_no_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ANSWER_SECONDS", 10)
    assert shown(run(tmp_path, "print(1)")) == "1"
    until(servers)[0].suspend()
    made = run(tmp_path, "print(2)")
    assert (shown(made), made.attempts) == ("2", 2)


@forks
@pytest.mark.parametrize("module", ["import os; os._exit(3)", "1 / 0"])
@pytest.mark.usefixtures("own_server")
def test_a_server_that_cannot_start_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    (tmp_path / "unfit_for_a_server.py").write_text(module, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.syspath_prepend(tmp_path)  # which a server has from us since Python 3.13
    monkeypatch.setattr(processes, "PRELOAD", ["unfit_for_a_server"])
    made = run(tmp_path, "import os; print('still done', os.getppid())")
    assert (shown(made), made.attempts) == (f"still done {os.getpid()}", 3)
    assert made.cpu_seconds > 0


def test_without_a_safe_fork_an_ordinary_kernel_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FORKS", False)
    with processes.kept():
        made = run(tmp_path, "import os; print(os.getppid())")
    assert (shown(made), made.attempts) == (str(os.getpid()), 1)


@forks
@pytest.mark.usefixtures("own_server")
def test_batches_share_a_server_and_the_last_one_ends_it(tmp_path: Path) -> None:
    for _ in range(2):
        with processes.kept():
            (only,) = until(servers)  # it is a fork of this process until it has begun
            with processes.kept():
                assert servers() == [only]
                assert shown(run(tmp_path, "import os; print(os.getppid())")) == str(only.pid)
            assert alive(only.pid)
        assert servers() == []


@forks
@pytest.mark.parametrize("own", ["", "mine"])
def test_making_a_kernel_leaves_the_users_folder_of_ipython_alone(tmp_path: Path, own: str) -> None:
    program = (
        "import os; from perfeval.run import inprocess; inprocess.kernel(); print(os.environ.get('IPYTHONDIR', ''))"
    )
    around = {name: value for name, value in os.environ.items() if name != "IPYTHONDIR"} | {"HOME": str(tmp_path)}
    around |= {"IPYTHONDIR": str(tmp_path / own)} if own else {}
    done = subprocess.run([sys.executable, "-c", program], env=around, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == around.get("IPYTHONDIR", "")
    assert not list(tmp_path.rglob("*profile*"))


@forks
@pytest.mark.usefixtures("own_server")
def test_a_servers_environment_is_that_of_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    for threads in ("3", "5"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        monkeypatch.setenv("PYTHONSTARTUP", "somebody's.py")
        with processes.kept():
            found = until(servers)[0].environ()
        assert found["OMP_NUM_THREADS"] == threads
        assert "PYTHONSTARTUP" not in found


@forks
@pytest.mark.usefixtures("own_server")
def test_what_lies_in_the_project_is_not_taken_for_a_module_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "csv.py").write_text("open('taken', 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert shown(run(tmp_path, "print(1)")) == "1"
    assert not (tmp_path / "taken").exists()


@forks
def test_many_at_a_time_are_all_made(tmp_path: Path) -> None:
    """Started and joined from several threads, multiprocessing mixes their states up."""
    folders = [tmp_path / str(number) for number in range(40)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda folder: run(folder, f"print('{folder.name}')"), folders))
    assert [shown(one) for one in made] == [folder.name for folder in folders]
    assert {one.attempts for one in made} == {1}


def in_a_daemon(folder: Path) -> None:
    made = run(folder, "import multiprocessing as m; print(m.parent_process() is None, m.current_process().daemon)")
    (folder / "shown").write_text(shown(made), encoding="utf-8")
    processes.close()


@forks
def test_a_daemonic_worker_may_have_reports_made(tmp_path: Path) -> None:
    """As those are that Dask's nanny starts."""
    worker = multiprocessing.get_context("spawn").Process(target=in_a_daemon, args=(tmp_path,), daemon=True)
    worker.start()
    worker.join(120)
    assert (tmp_path / "shown").read_text(encoding="utf-8").endswith("False")


@forks
def test_the_program_that_has_reports_made_is_not_run_again(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from pathlib import Path\nfrom cells import run, shown\nprint('begun', flush=True)\n"
        f"print(shown(run(Path({str(tmp_path)!r}), 'print(1)')))\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run([sys.executable, program], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["begun", "1"], "")


# ---- what a killed owner leaves


OWNER = """
import sys
from pathlib import Path
from perfeval.run import processes
from cells import run
run(Path(sys.argv[1]), sys.argv[2])
"""
HOLDS_ALL = "import re; re.match(r'(a+)+$', 'a' * 60 + 'b')"
"""A regular expression that backtracks for ages in C and lets no other Python thread run."""


@pytest.fixture(params=["short", "deep"])
def temporary(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A temporary folder; in a deep one there is no room for a socket's path."""
    with tempfile.TemporaryDirectory(dir=SHORT) as folder:
        place = Path(folder, "t", *(["deeper"] * 6 if request.param == "deep" else []))
        place.mkdir(parents=True)
        yield place


def test_an_ordinary_kernel_runs_from_a_temporary_folder_that_is_too_deep_for_sockets(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    made = run(tmp_path, "print(1)", conditions=COLD)
    assert (shown(made), made.attempts) == ("1", 1)
    assert list(temporary.iterdir()) == []


def ours(pid: int, *places: Path) -> list[Path]:
    """What a process has left in temporary folders."""
    return [path for place in places for path in place.glob(f"{scratch.PREFIX}{scratch.host()}-{pid}-*")]


@pytest.fixture
def owner(tmp_path: Path, temporary: Path) -> Iterator[Callable[[str], subprocess.Popen]]:
    """A process that has such a cell run."""
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)}
    started: list[subprocess.Popen] = []

    def start(busy: str) -> subprocess.Popen:
        command = [sys.executable, "-c", OWNER, str(tmp_path), f"{LEAVE_PID}{busy}"]
        started.append(subprocess.Popen(command, env=environment))
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.wait()


@forks
@pytest.mark.parametrize(
    "busy",
    ["time.sleep(600)", HOLDS_ALL, "import signal; signal.signal(2, signal.SIG_IGN)\nwhile 1: pass"],
)
def test_when_the_owner_is_killed_nothing_is_left(busy: str, tmp_path: Path, owner, temporary: Path) -> None:
    stray = "import subprocess; pathlib.Path('stray').write_text(str(subprocess.Popen(['sleep', '600']).pid))\n"
    process = owner(f"{stray}{busy}")
    pid = begun(tmp_path)
    stray_pid = until(lambda: (tmp_path / "stray").is_file() and int((tmp_path / "stray").read_text() or 0))
    below = psutil.Process(process.pid).children(recursive=True)
    assert {pid, stray_pid} <= {child.pid for child in below}
    assert psutil.Process(pid).ppid() != process.pid, "it is forked"
    foreign = temporary / f"{scratch.PREFIX}{scratch.host()}-{process.pid}1-x"
    foreign.mkdir()
    process.kill()
    process.wait()
    until(lambda: not any(alive(child.pid) for child in below))
    assert ours(process.pid, temporary, SHORT) == []
    assert list(temporary.iterdir()) == [foreign], "others' are left alone"


@forks
def test_when_server_and_owner_are_killed_no_process_is_left_and_the_next_sweeps(
    tmp_path: Path, owner, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = owner(HOLDS_ALL)
    pid = begun(tmp_path)
    below = psutil.Process(process.pid).children(recursive=True)
    server = psutil.Process(pid).parent()
    assert is_server(server)
    server.kill()
    process.kill()
    process.wait()
    until(lambda: not any(alive(child.pid) for child in below))
    assert ours(process.pid, temporary)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    scratch.sweep()
    assert ours(process.pid, temporary) == []


@forks
@pytest.mark.usefixtures("own_server")
def test_a_server_that_is_sent_away_leaves_its_owners_folders_alone(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    in_use = temporary / f"{scratch.PREFIX}{scratch.host()}-{os.getpid()}-x"
    in_use.mkdir()
    with processes.kept():
        (gone,) = until(servers)
        assert len(ours(os.getpid(), temporary, SHORT)) == 2
    assert not alive(gone.pid)
    assert ours(os.getpid(), temporary, SHORT) == [in_use]


@either_kind
@pytest.mark.usefixtures("own_server")
def test_nothing_is_left_in_the_temporary_folder(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, conditions: Conditions
) -> None:
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    with processes.kept():
        made = run(tmp_path, "1", conditions=conditions)
    assert (made.attempts, executed(made).metadata.language_info.name) == (1, "python")
    assert list(temporary.iterdir()) == []
    assert ours(os.getpid(), SHORT) == []


# ---- what is loaded


def test_commands_that_run_no_notebook_load_nothing_that_does(root: Path, tmp_path: Path) -> None:
    code = """
import sys
from perfeval.cli import main
outputs = sys.argv[1]
for arguments in (["--version"], ["list"], ["run", "--dry-run", "--outputs", outputs], ["check"]):
    if arguments == ["check"]:  # asks for the figures of every report, and their sentences stand beside the charts
        assert "matplotlib" not in sys.modules
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as left:
        assert not left.code, (arguments, left.code)
heavy = ("nbformat", "nbclient", "nbconvert", "papermill", "jupyter_client")
print("loaded:", [name for name in heavy if name in sys.modules])
"""
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_what_runs_notebooks_does_without_a_library_that_takes_a_second_to_load() -> None:
    """rfc3987_syntax comes with JupyterLab; nbformat's jsonschema loads it where it can."""
    code = """
import sys
import perfeval.run.report
assert "jsonschema" in sys.modules
assert "rfc3987_syntax" not in sys.modules, "neither loaded nor kept from anybody else"
import rfc3987_syntax
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0

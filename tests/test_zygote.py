"""Forked kernels and the process they come from: their lives and deaths, with real processes and real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

from perfeval.run import provisioner, warm

pytestmark = pytest.mark.skipif(not provisioner.FORKS, reason="no safe fork here")
LIGHT = ("perfeval.model.values",)
"""A module that loads quickly: what a zygote has imported is of no matter here."""


def until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Wait for something that happens in another process."""
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, "it did not happen"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(autouse=True)
def by_forking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(provisioner.ForkProvisioner, "preload", list(LIGHT))
    yield
    provisioner.close()


@contextmanager
def kernel(**options: Any) -> Iterator[tuple[KernelManager, Callable[[str], str]]]:
    """A forked kernel as any Jupyter client starts one, and a function that runs code in it."""
    from jupyter_client.provisioning import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    before, factory.default_provisioner_name = factory.default_provisioner_name, provisioner.NAME
    quiet = ["--log-level=CRITICAL", "--HistoryManager.enabled=False"]
    manager, client = start_new_kernel(extra_arguments=quiet, startup_timeout=120, **options)

    def run(code: str) -> str:
        shown: list[str] = []

        def hook(message: dict) -> None:
            content = message["content"]
            shown.append(content.get("text") or content.get("ename") or "")

        client.execute_interactive(code, output_hook=hook, timeout=60)
        return "".join(shown).strip()

    try:
        yield manager, run
    finally:
        factory.default_provisioner_name = before
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
        client.context.destroy()
        manager.context.destroy()


def zygotes() -> list[psutil.Process]:
    """The zygotes of this process."""
    return [child for child in psutil.Process().children() if "perfeval.run.zygote" in child.cmdline()]


def test_the_entry_point_is_installed_and_notebooks_need_not_know() -> None:
    with kernel() as (manager, run):
        assert type(manager.provisioner) is provisioner.ForkProvisioner
        assert manager.kernel_name == "python3"
        assert psutil.Process(int(run("import os; print(os.getpid())"))).parent().pid == zygotes()[0].pid


def test_one_zygote_without_threads_forks_every_kernel() -> None:
    with kernel() as (_, first), kernel() as (_, second):
        pids = [int(run("import os; print(os.getpid())")) for run in (first, second)]
        assert len(zygotes()) == 1
        assert sorted(child.pid for child in zygotes()[0].children()) == sorted(pids)


def test_the_default_zygote_has_one_python_thread_when_it_forks() -> None:
    code = f"import threading; from perfeval.run import warm; warm.up({list(warm.REPORTS)!r}); print(threading.active_count())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "1"


def test_a_charts_backend_is_jupyters_own_although_matplotlib_came_earlier() -> None:
    code = (
        "import perfeval.rehearsing; from perfeval.run import warm; import sys;"
        "warm.up(list(warm.REPORTS)); print('matplotlib.pyplot' in sys.modules,"
        " 'matplotlib_inline.backend_inline' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False False"


def test_interrupt_restart_and_exit_code() -> None:
    with kernel() as (manager, run):
        before = int(run("import os; x = 1; print(os.getpid())"))
        manager.client()
        manager.restart_kernel()
        until(lambda: not alive(before))
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        # An error makes ipykernel refuse what comes for a moment, and that would be the next request.
        sleeping = client.execute("import time\nfor _ in range(1000): time.sleep(.05)", stop_on_error=False)
        until(lambda: client.get_iopub_msg(timeout=10)["msg_type"] == "execute_input")
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=30)
        assert reply["parent_header"]["msg_id"] == sleeping
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        client.execute("import os; os._exit(7)")
        until(lambda: not manager.is_alive())
        assert manager.provisioner.forked.returncode == 7
        assert manager.provisioner.forked.spent[0] > 0
        client.stop_channels()
        client.context.destroy()


def test_a_kernel_that_is_told_to_end_ends_by_itself() -> None:
    """ipykernel alone waits in nearly every second one until it is terminated."""
    for _ in range(8):
        with kernel() as (manager, run):
            assert run("print(1)") == "1"
            forked = manager.provisioner.forked
            manager.shutdown_kernel()
            assert forked.returncode == 0


def test_a_killed_kernel_is_seen_to_be_dead() -> None:
    with kernel() as (manager, _):
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        until(lambda: not manager.is_alive())
        assert manager.provisioner.forked.returncode == -signal.SIGKILL


def test_a_kernel_outlives_its_zygote_and_the_next_comes_from_a_new_one() -> None:
    with kernel() as (_, first):
        old = zygotes()[0]
        old.kill()
        until(lambda: not alive(old.pid))
        assert first("print(6 * 7)") == "42"
        with kernel() as (manager, second):
            assert second("print('new')") == "new"
            assert zygotes()[0].pid != old.pid
            assert manager.provisioner.forked.pid in [child.pid for child in zygotes()[0].children()]


def test_a_zygote_that_dies_while_it_is_asked_is_replaced() -> None:
    with kernel() as (_, run):
        assert run("print(1)") == "1"
        stuck = zygotes()[0]
        stuck.suspend()  # the next request is sent, and never read
        killed = subprocess.Popen(["/bin/sh", "-c", f"sleep 1; kill -9 {stuck.pid}"])
        with kernel() as (_, again):
            assert again("print(2)") == "2"
        killed.wait()


def test_background_processes_of_a_kernel_end_with_it() -> None:
    with kernel() as (manager, run):
        stray = int(run("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
        assert alive(stray)
        os.kill(manager.provisioner.pid, signal.SIGKILL)  # not its group
        until(lambda: not alive(stray))


CLIENT = """
import sys, time
from jupyter_client.manager import start_new_kernel
from perfeval.run import provisioner
provisioner.ForkProvisioner.preload = ["perfeval.model.values"]
manager, client = start_new_kernel(extra_arguments=["--log-level=CRITICAL", "--HistoryManager.enabled=False"])
client.execute(sys.argv[1])
print(manager.provisioner.pid, flush=True)
time.sleep(600)
"""
HOLDS_ALL = "import re; re.match(r'(a+)+$', 'a' * 60 + 'b')"
"""A regular expression that backtracks for ages in C and lets no other Python thread run."""


@pytest.mark.parametrize(
    "busy",
    ["import time; time.sleep(600)", HOLDS_ALL, "import signal; signal.signal(2, signal.SIG_IGN)\nwhile 1: pass"],
)
def test_when_the_client_is_killed_nothing_is_left(busy: str, tmp_path: Path) -> None:
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": provisioner.NAME, "TMPDIR": str(tmp_path)}
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, busy],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    with client:
        assert client.stdout is not None
        kernel_pid = int(client.stdout.readline())
        zygote_pid = psutil.Process(kernel_pid).ppid()
        time.sleep(0.5)  # let the cell begin
        client.kill()
    until(lambda: not alive(kernel_pid))
    until(lambda: not alive(zygote_pid))
    assert not list(tmp_path.glob("perfeval-*"))


def test_when_zygote_and_client_are_killed_no_kernel_is_left() -> None:
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": provisioner.NAME}
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, "import time; time.sleep(600)"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with client:
        assert client.stdout is not None
        kernel_pid = int(client.stdout.readline())
        psutil.Process(kernel_pid).parent().kill()
        client.kill()
    until(lambda: not alive(kernel_pid))


def test_the_folders_of_a_killed_client_are_removed_and_no_others(tmp_path: Path) -> None:
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": provisioner.NAME, "TMPDIR": str(tmp_path)}
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, "import time; time.sleep(600)"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    own, other = tmp_path / f"{warm.FOLDER}{client.pid}-x", tmp_path / f"{warm.FOLDER}{client.pid}1-x"
    for folder in (own, other):
        folder.mkdir()
        (folder / "k-1").touch()
    with client:
        assert client.stdout is not None
        client.stdout.readline()
        client.kill()
    until(lambda: not own.exists())
    assert other.exists()


def test_a_zygote_that_is_sent_away_leaves_its_owners_folders_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    in_use = tmp_path / f"{warm.FOLDER}{os.getpid()}-x"
    in_use.mkdir()
    with kernel():
        gone = zygotes()[0]
    provisioner.close()
    assert not alive(gone.pid)
    assert in_use.exists()


def test_other_kernels_are_left_to_the_ordinary_provisioner(tmp_path: Path) -> None:
    python = os.path.realpath(sys.executable)
    assert provisioner._is_ours([sys.executable, "-m", "ipykernel_launcher", "-f", "x"])
    assert provisioner._is_ours([python, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "x"])
    assert not provisioner._is_ours(["/usr/bin/R", "--slave"])
    assert not provisioner._is_ours([str(tmp_path / "python"), "-m", "ipykernel_launcher"])
    assert not provisioner._is_ours([sys.executable, "-O", "-m", "ipykernel_launcher"])


def test_without_a_safe_fork_an_ordinary_kernel_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioner, "FORKS", False)
    with kernel() as (manager, run):
        assert manager.provisioner.forked is None
        assert run("print(1)") == "1"
        assert zygotes() == []


def test_batches_share_a_zygote_and_the_last_one_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "REPORTS", LIGHT)
    with provisioner.kept(forked=True):
        (only,) = zygotes()
        with provisioner.kept(forked=True):
            assert zygotes() == [only]
        assert alive(only.pid)
    assert zygotes() == []


def test_environments_that_change_imports_have_zygotes_of_their_own() -> None:
    first = provisioner.zygote(sys.executable, LIGHT, {**os.environ, "PYTHONUTF8": "1", "JPY_SESSION_NAME": "a"})
    same = provisioner.zygote(sys.executable, LIGHT, {**os.environ, "PYTHONUTF8": "1", "JPY_SESSION_NAME": "b"})
    other = provisioner.zygote(sys.executable, LIGHT, {**os.environ, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "3"})
    assert first is same
    assert first is not other

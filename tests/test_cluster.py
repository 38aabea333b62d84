"""A Dask cluster: a scheduler and two workers as processes of their own on the loopback, one of them killed at work."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from perfeval.run import cluster, ledger, project, run_batch
from perfeval.run.cluster import ClusterError
from perfeval.run.outcome import DONE
from perfeval.run.project import Project

YEARS = range(2016, 2022)
LOOPBACK = ["--host", "127.0.0.1", "--no-dashboard"]
PARAMETERS = 'subdistrict: str = "ronghua"\nyear: int = 2022\nruleset: str = "hubei"\ndata_dir: str = "data"'
BODY = """\
import json
import time
from pathlib import Path
from IPython.display import display
with Path("begun.txt").open("a") as begun:
    begun.write(f"{year}\\n")
while not Path("go").exists():
    time.sleep(0.05)
figures = {"name": subdistrict, "period": f"{year}年度", "score": year / 100}
display({"application/vnd.perfeval.result": json.dumps(figures)}, raw=True)"""
"""A report that tells when it was begun, and waits to be let go on."""


@pytest.fixture
def place(tmp_path: Path, root: Path) -> Project:
    """Six sub-district-years, and a light notebook."""
    office = tmp_path / "data" / "ronghua"
    for year in YEARS:
        shutil.copytree(root / "data" / "ronghua" / "2022", office / str(year))
    shutil.copy(root / "data" / "subdistricts.csv", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    cells = [
        new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell(BODY, id="body"),
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "notebooks" / "light.ipynb")
    return replace(project.find(tmp_path), reports=("light",))


class Cluster:
    """A scheduler and its workers, ended together."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, []
        folder.mkdir()
        self.file = folder / "scheduler.json"
        self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(self.file), *LOOPBACK)
        until = time.monotonic() + 60
        while not self.file.is_file() or not self.file.read_text(encoding="utf-8").endswith("}"):
            assert time.monotonic() < until, self.told()
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text(encoding="utf-8"))["address"]

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder), *LOOPBACK]
        return self._start("dask_worker", "--scheduler-file", str(self.file), *options, **environment)

    def _start(self, module: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *options],
                cwd=self.folder,  # not the checkout, which python -m would put before PYTHONPATH
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
            )
        self.processes.append(process)
        return process

    def told(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Cluster]:
    cluster_ = Cluster(tmp_path / "cluster")
    try:
        yield cluster_
    finally:
        for process in reversed(cluster_.processes):  # the workers first: they take their leave of the scheduler
            process.terminate()
            process.wait(60)


def begun(place: Project) -> list[str]:
    """The years whose notebooks were begun, in that order."""
    told = place.root / "begun.txt"
    return told.read_text(encoding="utf-8").split() if told.is_file() else []


@contextmanager
def both(running: Cluster, place: Project) -> Iterator[Executor]:
    """The executor, once both workers are there."""
    with cluster.executor(running.address, place) as workers:
        until = time.monotonic() + 60
        while workers.slots < 2:
            assert time.monotonic() < until, running.told()
            time.sleep(0.2)
        yield workers


def test_a_worker_killed_at_work_costs_no_report(place: Project, running: Cluster) -> None:
    first, _ = running.worker(), running.worker()

    def kill() -> None:
        """Once both are at work; then the other may go on."""
        until = time.monotonic() + 120
        while len(begun(place)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        first.kill()
        first.wait()
        (place.root / "go").touch()

    with both(running, place) as workers:
        killer = threading.Thread(target=kill)
        killer.start()
        done = run_batch(where=replace(place, jobs=workers.slots), executor=workers)
        killer.join()
        assert [(report.period, report.status) for report in done.reports] == [(str(year), DONE) for year in YEARS]
        assert not run_batch(where=place, executor=workers).made
    assert sorted(set(begun(place))) == [str(year) for year in YEARS]
    assert len(begun(place)) == len(YEARS) + 1, "the one in the hands of the killed worker was begun again"
    with ledger.opened(place.outputs) as book:
        runs = list(ledger.history(book))
    assert sorted((run.period, run.status) for run in runs) == [(str(year), DONE) for year in YEARS]
    for report in done.reports:
        assert report.figures["score"] == int(report.period) / 100
        assert sorted(path.name for path in report.folder.iterdir()) == ["light.html", "light.ipynb", "result.json"]
    assert not list(place.outputs.glob(".perfeval.cluster-*"))


def test_the_reports_are_those_of_one_machine(place: Project, running: Cluster) -> None:
    running.worker()
    (place.root / "go").touch()
    with cluster.executor(running.address, place) as workers:
        there = run_batch(where=place, years=2016, executor=workers).reports[0]
    files = {path.name: path.read_bytes() for path in there.folder.iterdir()}
    here = run_batch(where=place, years=2016, force=True).reports[0]
    assert {path.name: path.read_bytes() for path in here.folder.iterdir()} == files


def test_the_command_line_hands_reports_to_a_cluster(place: Project, running: Cluster, process) -> None:
    running.worker()
    (place.root / "go").touch()
    settings = '[run]\nreports = ["light"]\n'
    (place.root / "perfeval.toml").write_text(settings, encoding="utf-8")
    done = process("run", "--scheduler", running.address, "--year", "2016", "--json", cwd=place.root)
    assert done.code == 0, done.err
    assert json.loads(done.out.splitlines()[0])["status"] == DONE
    assert f"集群 {running.address}：同时生成1份。" in done.err
    assert "Traceback" not in done.err


def test_workers_that_would_not_make_the_same_are_named(place: Project, running: Cluster, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "perfeval").mkdir(parents=True)
    shutil.copytree(Path(cluster.__file__).parents[1], other / "perfeval", dirs_exist_ok=True)
    (other / "perfeval" / "extra.py").write_text("", encoding="utf-8")
    running.worker(PYTHONPATH=str(other))
    with pytest.raises(ClusterError, match="1个工作进程不能用") as caught, cluster.executor(running.address, place):
        pass
    assert "程序版本与本机不同" in str(caught.value)
    assert "看不到" not in str(caught.value)


def test_where_nobody_answers_it_is_said(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound but not listening: nobody else can be there
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"连不上调度器 {address}.*1秒"), cluster.executor(address, place):
            pass


def test_an_address_that_is_none_is_said(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(ClusterError, match="地址形如 tcp://"), cluster.executor("http://x y", place):
        pass


def test_a_scheduler_without_workers_is_said(place: Project, running: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1)
    said = f"没有工作进程；请在各机器上运行 dask worker {running.address}"
    with pytest.raises(ClusterError, match=said), cluster.executor(running.address, place):
        pass


def test_every_way_a_worker_may_be_unfit_is_named() -> None:
    mine = ("code", True, True)
    assert cluster._wrong(mine, mine) == ""
    assert "ModuleNotFoundError：No module named 'perfeval'" in cluster._wrong(
        ModuleNotFoundError("No module named 'perfeval'"), mine
    )
    said = cluster._wrong(("code", False, False), mine)
    assert "看不到数据目录" in said
    assert "看不到本机的报告目录" in said
    assert "程序版本" not in said

"""Batches: what is in flight, on any executor, and what the ledger and the summary know afterwards."""

import multiprocessing
import pickle
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import light
import pytest

from perfeval.run import ledger, planning, project, run_batch, watch
from perfeval.run.batch import Batch, make_one, submit_all
from perfeval.run.outcome import CUT, DONE, FAILED, UNCHANGED, Report


def test_few_are_in_flight_and_tasks_are_drawn_when_there_is_room() -> None:
    drawn, landed, ahead = [], [], []
    lock = threading.Lock()

    def tasks():
        for number in range(50):
            drawn.append(number)
            ahead.append(len(drawn) - len(landed))
            yield number

    def work(number: int) -> int:
        with lock:
            time.sleep(0.001)
        return number * number

    with ThreadPoolExecutor(3) as pool:
        for task, future in submit_all(tasks(), work, pool, 6):
            landed.append(task)
            assert future.result() == task * task
    assert sorted(landed) == list(range(50))
    assert max(ahead) <= 6


def test_what_is_in_flight_is_known_to_who_is_interrupted() -> None:
    flying: dict[Future[int], int] = {}
    go = threading.Event()

    def tasks():
        yield 1
        yield 2
        raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(KeyboardInterrupt):
            list(submit_all(tasks(), lambda number: go.wait() and number, pool, 5, flying))
        assert sorted(flying.values()) == [1, 2]
        go.set()


def test_a_report_can_be_made_in_another_process(tmp_path: Path) -> None:
    place = project.find(light.project(tmp_path / "项目", range(2021, 2023), wait=0))
    (task, other) = planning.plan(place)
    assert pickle.loads(pickle.dumps((place, task))) == (place, task)  # noqa: S301  # our own
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        ended: list[Report] = []
        batch = run_batch(where=place, executor=pool, isolated=True, ended=ended.append)
        assert pool.submit(int, "1").result() == 1, "an executor that was lent is given back"
    assert [report.status for report in batch.reports] == [DONE, DONE]
    assert {report.period for report in ended} == {"2021", "2022"}
    with ledger.reading(place.outputs) as book:
        runs = ledger.latest(book)
        assert [(run.period, run.status, run.attempts, run.reason) for run in runs] == [
            ("2021", DONE, 1, "新增"),
            ("2022", DONE, 1, "新增"),
        ]
        assert len(ledger.inputs(book, runs[0].id)) == 3
        assert "pandas" in ledger.versions(book, runs[0].code)
    assert runs[0].figures["name"] == "ronghua"
    again = run_batch(where=place)
    assert [report.status for report in again.reports] == [UNCHANGED, UNCHANGED]
    assert again.reports[0].listed == batch.reports[0].listed
    assert other.key == ("light", "ronghua", "2022")


def test_a_worker_that_breaks_fails_its_report_only(tmp_path: Path) -> None:
    place = project.find(light.project(tmp_path / "项目", range(2021, 2023)))

    class Broken(ThreadPoolExecutor):
        def submit(self, *_: object, **__: object):
            future: Future[object] = Future()
            future.set_exception(RuntimeError("no room"))
            return future

    with Broken(1) as pool:
        batch = run_batch(where=place, executor=pool, isolated=True)
    assert [report.error for report in batch.failed] == ["程序出错：RuntimeError：no room"] * 2
    assert [task.reason for task in planning.plan(place)] == ["上次失败"] * 2


def test_an_interrupted_report_keeps_what_an_older_run_left(tmp_path: Path) -> None:
    place = project.find(light.project(tmp_path / "项目", range(2022, 2023)))
    (task,) = planning.plan(place)
    where = task.folder(place)
    where.mkdir(parents=True)
    (where / "light.html").write_text("older", encoding="utf-8")
    watch.halt()
    try:
        report = make_one(place, task, "hubei")
    finally:
        watch.resume()
    assert (report.status, report.error, report.html) == (CUT, "运行被中断", None)
    assert [path.name for path in where.iterdir()] == ["light.html"]


def test_a_batch_sums_itself_up(tmp_path: Path) -> None:
    reports = [
        Report("annual", name, "2022", status, tmp_path, seconds=seconds)
        for name, status, seconds in (("a", DONE, 1), ("b", UNCHANGED, 0), ("c", FAILED, 3), ("d", DONE, 2))
    ]
    batch = Batch(tuple(reports))
    assert [[one.subject for one in group] for group in (batch.made, batch.skipped, batch.failed)] == [
        ["a", "d"],
        ["b"],
        ["c"],
    ]
    assert [one.subject for one in batch.slowest(2)] == ["c", "d"]

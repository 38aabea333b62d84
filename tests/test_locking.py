"""One batch at a time on an outputs folder."""

import os
import threading
import time
from pathlib import Path

import pytest

from perfeval.run import locking
from perfeval.run.locking import Occupied


def test_the_second_is_told_who_works_there_and_since_when(tmp_path: Path) -> None:
    with locking.held(tmp_path):
        said = rf"正由另一次运行使用：进程{os.getpid()}（.*\d{{4}}-\d\d-\d\d .*起）"
        with pytest.raises(Occupied, match=said), locking.held(tmp_path):
            pass
        assert locking.holder(tmp_path).pid == os.getpid()
    assert locking.holder(tmp_path) is None
    with locking.held(tmp_path):
        pass


def test_the_second_may_wait_until_the_first_has_ended(tmp_path: Path) -> None:
    order, told, ready = [], [], threading.Event()

    def first() -> None:
        with locking.held(tmp_path):
            ready.set()
            time.sleep(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    ready.wait()
    with locking.held(tmp_path, minutes=1, waiting=told.append):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
    assert len(told) == 1
    assert "最多等候1分钟" in told[0]


def test_waiting_ends(tmp_path: Path) -> None:
    late = pytest.raises(Occupied, match=r"等了0\.01分钟仍未结束")
    with locking.held(tmp_path), late, locking.held(tmp_path, minutes=0.01):
        pass


def test_the_note_of_a_killed_run_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / locking.NOTE).write_text(
        '{"pid": 1, "host": "x", "since": "2024-01-01T00:00:00+00:00"}', encoding="utf-8"
    )
    assert locking.holder(tmp_path) is None
    with locking.held(tmp_path):
        assert locking.holder(tmp_path).pid == os.getpid()

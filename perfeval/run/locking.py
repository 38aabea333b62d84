"""The lock of an outputs folder: one batch at a time, and whoever comes second is told who works there and since when.

The system lets go of the lock when its holder ends, however it ends; the note beside it only says who that was.
"""

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from perfeval.model.errors import PerfevalError
from perfeval.run.ledger import now

LOCK, NOTE = ".perfeval.lock", ".perfeval.running.json"
"""The note is a file of its own: Windows lets nobody read a locked one."""
LOOK_SECONDS = 1.0
"""How often one who waits tries again."""
GRACE_SECONDS = 0.5
"""A look (:func:`holder`) may hold the lock for a moment; nobody is sent away for that."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on the outputs."""

    pid: int
    host: str
    since: str
    """ISO 8601, UTC."""

    def __str__(self) -> str:
        since = datetime.fromisoformat(self.since).astimezone()
        return f"进程{self.pid}（{self.host}，{since:%Y-%m-%d %H:%M:%S}起）"


class Occupied(PerfevalError):
    """Another run works on the same outputs."""


@contextmanager
def held(outputs: Path, minutes: float = 0, waiting: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Hold the outputs folder; where another run does, wait up to ``minutes``, then raise :class:`Occupied`.

    ``waiting`` is told once, in Chinese, whom is waited for.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    lock = FileLock(outputs / LOCK)
    until = time.monotonic() + max(minutes * 60, GRACE_SECONDS)
    told = False
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            who = f"报告目录 {outputs.name} 正由另一次运行使用：{_holder(outputs) or '刚刚开始'}"
            if time.monotonic() >= until:
                waited = f"等了{minutes:g}分钟仍未结束" if minutes else "没有重复运行"
                raise Occupied(f"{who}；{waited}。可等它结束后再运行，或用 --wait 分钟 等候") from None
            if not told and minutes:
                waiting(f"{who}；最多等候{minutes:g}分钟 …")
                told = True
            time.sleep(min(LOOK_SECONDS if minutes else GRACE_SECONDS / 5, max(until - time.monotonic(), 0)))
    note = outputs / NOTE
    try:
        note.write_text(json.dumps(asdict(Holder(os.getpid(), platform.node(), now()))), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def holder(outputs: Path) -> Holder | None:
    """Who works on the outputs now, None where nobody does; for a look only, it may change at once."""
    noted = _holder(outputs)
    if noted is None:
        return None
    try:
        with FileLock(outputs / LOCK, timeout=0):
            return None  # what it left when it was killed
    except Timeout:
        return noted


def _holder(outputs: Path) -> Holder | None:
    """What the note says; None in the moment before it is written."""
    with suppress(FileNotFoundError, ValueError, TypeError):
        return Holder(**json.loads((outputs / NOTE).read_text(encoding="utf-8")))
    return None

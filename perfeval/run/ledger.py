"""The ledger: what was run, from what, with what outcome. One SQLite file beside the outputs it describes.

Only the process that drives a batch writes it, while it holds the lock of the outputs; anyone may read it meanwhile.
"""

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from perfeval.model.errors import PerfevalError
from perfeval.run.cells import hindrance
from perfeval.run.outcome import CUT, Report, Written

FILE = "ledger.sqlite"
LOCK = "ledger.lock"
SENT_RECORD = "sent.jsonl"
"""Beside the ledger: what was mailed to whom, written by :mod:`perfeval.deliver.sent`; the ledger has it as well."""
VERSION = 1
"""Of the layout below, kept as SQLite's ``user_version``. Version 0 had neither reasons nor components."""
BUSY_SECONDS = 60
SCHEMA = """
create table if not exists runs (
    id integer primary key,
    report text not null,
    subject text not null,
    period text not null,
    reason text not null,
    fingerprint text not null,
    data text not null,
    notebook text not null,
    rules text not null,
    code text not null,
    stamp text not null,
    inputs text not null,
    host text not null,
    pid integer not null,
    started text not null,
    ended text not null default '',
    seconds real not null default 0,
    cpu_seconds real not null default 0,
    peak_mb real not null default 0,
    attempts integer not null default 0,
    status text not null default '',
    error text not null default '',
    outputs text not null default '{}',
    figures text not null default '{}'
);
create index if not exists runs_of on runs (report, subject, period, id);
create index if not exists runs_by_status on runs (status);
create table if not exists makers (code text primary key, versions text not null);
"""


class LedgerError(PerfevalError):
    """The ledger cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a report is made from, part by part, so that it can be said which part has changed."""

    data: str
    notebook: str
    rules: str
    code: str
    fingerprint: str
    """Of the four together."""
    stamp: str
    """Sizes and times of the data files: while these stand, the data are known to be the same without being read."""


@dataclass(frozen=True, slots=True)
class Run:
    """One row of the ledger. ``status`` is empty for a run that goes on, or was cut off with its driver."""

    id: int
    report: str
    subject: str
    period: str
    reason: str
    """Why it was made, as the plan said it."""
    fingerprint: str
    data: str
    notebook: str
    rules: str
    code: str
    stamp: str
    host: str
    pid: int
    started: str
    """ISO 8601, UTC."""
    ended: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    attempts: int
    """How often a kernel was started: more than once only where one was lost before its first cell."""
    status: str
    error: str
    outputs: dict[str, Written] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    """What the index shows of it (:func:`perfeval.run.outcome.listed`)."""


FIELDS = [one.name for one in fields(Run)]


@contextmanager
def opened(outputs: Path) -> Iterator[sqlite3.Connection]:
    """The ledger of an outputs folder, made on first use; every statement is its own transaction.

    One of an older layout is set aside as ``ledger-<version>.sqlite``. Raises :class:`LedgerError` for one of a newer
    layout, one that is damaged, and where it cannot be written. A connection belongs to one thread.
    """
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        _set_aside(outputs)
        with closing(_connect(outputs / FILE)) as connection:
            connection.executescript(f"begin immediate; {SCHEMA} pragma user_version = {VERSION}; commit;")
            yield connection
    except sqlite3.Error as error:
        raise LedgerError(hindrance(outputs / FILE, error, SENT_RECORD)) from error


@contextmanager
def reading(outputs: Path) -> Iterator[sqlite3.Connection]:
    """The ledger as it is, changing nothing; an empty one where there is none yet or only one of an older layout."""
    file = outputs / FILE
    try:
        there = file.is_file() and _layout(file) == VERSION
        with closing(_connect(file) if there else sqlite3.connect(":memory:")) as connection:
            connection.executescript("pragma query_only = 1;" if there else SCHEMA)
            yield connection
    except sqlite3.Error as error:
        raise LedgerError(hindrance(file, error, SENT_RECORD)) from error


@contextmanager
def _sound() -> Iterator[None]:
    """What Python raises over the content of a damaged ledger, as SQLite says it where it notices by itself."""
    try:
        yield
    except (ValueError, TypeError, AttributeError) as error:
        raise sqlite3.DatabaseError(str(error)) from error


class _Connection(sqlite3.Connection):
    """Python cannot decode what SQLite says of some damage."""

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        with _sound():
            return super().execute(sql, values)

    def executescript(self, sql: str, /) -> sqlite3.Cursor:
        with _sound():
            return super().executescript(sql)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS, factory=_Connection)


def lost(outputs: Path) -> bool:
    """Whether reports are there, and a ledger that knows of no run: it was emptied, removed or set aside."""
    if next(outputs.glob("*/*/*/result.json"), None) is None:
        return False
    with reading(outputs) as book:
        return book.execute("select 1 from runs limit 1").fetchone() is None


def _layout(file: Path) -> int | None:
    """The version of a ledger's layout, None where nothing was ever written in it."""
    # One statement sees one state: another program may be making the ledger between two.
    asked = "select user_version, (select count(*) from sqlite_master) from pragma_user_version"
    with closing(_connect(file)) as connection:
        version, tables = connection.execute(asked).fetchone()
    if version > VERSION:
        raise LedgerError(
            f"台账 {file.name} 由更新版本的perfeval所记（第{version}版，本程序只认得第{VERSION}版）；"
            "请升级perfeval，或用 --outputs 另选报告目录"
        )
    return version if version or tables else None


def _older(file: Path) -> int | None:
    """The version of a ledger of an older layout, None where there is no such ledger."""
    version = _layout(file) if file.is_file() else None
    return None if version == VERSION else version


def _set_aside(outputs: Path) -> None:
    """Rename a ledger of an older layout: what it says is kept, and every report counts as new."""
    file = outputs / FILE
    if _older(file) is None:
        return
    with FileLock(outputs / LOCK):  # two at once: the second must not rename the ledger that the first has made
        version = _older(file)
        if version is not None:
            names = (f"ledger-{version}{f'-{number}' if number else ''}.sqlite" for number in range(10_000))
            file.rename(outputs / next(name for name in names if not (outputs / name).exists()))


def begin(
    ledger: sqlite3.Connection,
    about: tuple[str, str, str],
    reason: str,
    origin: Origin,
    inputs: Mapping[str, str],
) -> int:
    """Note that the run of a (report, subject, period) starts; returns its id. ``inputs``: file → sha256."""
    report, subject, period = about
    row = {
        "report": report,
        "subject": subject,
        "period": period,
        "reason": reason,
        "fingerprint": origin.fingerprint,
        "data": origin.data,
        "notebook": origin.notebook,
        "rules": origin.rules,
        "code": origin.code,
        "stamp": origin.stamp,
        "inputs": _text(inputs),
        "host": platform.node(),
        "pid": os.getpid(),
        "started": now(),
    }
    places = ", ".join(f":{name}" for name in row)
    return int(ledger.execute(f"insert into runs ({', '.join(row)}) values ({places})", row).lastrowid or 0)  # noqa: S608  # our own names


def end(ledger: sqlite3.Connection, run: int, report: Report) -> None:
    """Note how a run ended, with the hash, size and time of what it left."""
    row = {
        "id": run,
        "started": report.started,
        "ended": now(),
        "seconds": report.seconds,
        "cpu_seconds": report.cpu_seconds,
        "peak_mb": report.peak_mb,
        "attempts": report.attempts,
        "status": report.status,
        "error": report.error,
        "outputs": _text(report.outputs),
        "figures": _text(report.listed),
    }
    ledger.execute(
        "update runs set started = ifnull(nullif(:started, ''), started), ended = :ended, seconds = :seconds,"
        " cpu_seconds = :cpu_seconds, peak_mb = :peak_mb, attempts = :attempts, status = :status, error = :error,"
        " outputs = :outputs, figures = :figures where id = :id",
        row,
    )


def restamp(ledger: sqlite3.Connection, stamps: Mapping[int, str]) -> None:
    """Note new file times of runs whose data have kept their content, so that they need not be read again."""
    with ledger:
        ledger.execute("begin")
        ledger.executemany("update runs set stamp = ? where id = ?", [(stamp, run) for run, stamp in stamps.items()])


def note_versions(ledger: sqlite3.Connection, code: str, versions: Mapping[str, str]) -> None:
    """Note once which versions a ``code`` component stands for."""
    ledger.execute("insert or ignore into makers values (?, ?)", (code, _text(versions)))


def versions(ledger: sqlite3.Connection, code: str) -> dict[str, str]:
    """Package → version of a ``code`` component."""
    row = ledger.execute("select versions from makers where code = ?", (code,)).fetchone()
    return _object(row[0]) if row else {}


def inputs(ledger: sqlite3.Connection, run: int) -> dict[str, str]:
    """File → sha256 of what a run was made from."""
    row = ledger.execute("select inputs from runs where id = ?", (run,)).fetchone()
    return _object(row[0]) if row else {}


def cut(ledger: sqlite3.Connection, error: str) -> list[Run]:
    """Close every run that never ended as 中断, and return them as they were. Only for who holds the outputs' lock."""
    found = _runs(ledger, "where status = ''")
    ledger.execute("update runs set status = ?, error = ? where status = ''", (CUT, error))
    return found


def latest(ledger: sqlite3.Connection) -> list[Run]:
    """The last run of every report, by report, subject and period."""
    last = "where id in (select max(id) from runs group by report, subject, period)"
    return _runs(ledger, f"{last} order by report, subject, period")


def history(ledger: sqlite3.Connection) -> Iterator[Run]:
    """All runs, the newest first, read as they are asked for."""
    rows = ledger.execute(f"select {', '.join(FIELDS)} from runs order by id desc")  # noqa: S608  # our own names
    return (_run(row) for row in rows)


def _runs(ledger: sqlite3.Connection, which: str) -> list[Run]:
    return [_run(row) for row in ledger.execute(f"select {', '.join(FIELDS)} from runs {which}")]  # noqa: S608  # likewise


def _run(row: tuple[Any, ...]) -> Run:
    with _sound():
        outputs = {name: Written(*written) for name, written in _object(row[-2]).items()}
    return Run(**dict(zip(FIELDS, (*row[:-2], outputs, _object(row[-1])), strict=True)))


def _object(text: str) -> dict[str, Any]:
    with _sound():
        return dict(json.loads(text))


def now() -> str:
    """The present moment as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)

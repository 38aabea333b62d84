"""The ledger: what was run, from what, with what outcome. One SQLite file beside the outputs it describes."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from perfeval.run.report import DONE, Report, digest, files

FILE = "ledger.sqlite"
SCHEMA = """
create table if not exists runs (
    id integer primary key,
    report text not null,
    subject text not null,
    period text not null,
    fingerprint text not null,
    started text not null,
    ended text,
    seconds real,
    status text,
    error text,
    outputs text
);
create index if not exists runs_of on runs (report, subject, period, id);
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One row of the ledger. ``status`` is empty for a run that never ended."""

    id: int
    report: str
    subject: str
    period: str
    fingerprint: str
    started: str
    ended: str
    seconds: float
    status: str
    error: str
    outputs: dict[str, str]
    """File name → sha256."""


FIELDS = [field.name for field in fields(Run)]


@contextmanager
def opened(outputs: Path) -> Iterator[sqlite3.Connection]:
    """The ledger of an outputs folder, made on first use; every statement is its own transaction.

    A connection belongs to one thread: open it where it is used.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(outputs / FILE, isolation_level=None, timeout=60)) as connection:
        connection.executescript(SCHEMA)
        yield connection


def begin(ledger: sqlite3.Connection, report: str, subject: str, period: str, fingerprint: str) -> int:
    """Note that a run starts; returns its id."""
    row = (report, subject, period, fingerprint, _now())
    return int(
        ledger.execute(
            "insert into runs (report, subject, period, fingerprint, started) values (?, ?, ?, ?, ?)", row
        ).lastrowid
        or 0
    )


def end(ledger: sqlite3.Connection, run: int, report: Report) -> None:
    """Note how it ended, with the hashes of what it left."""
    outputs = {name: digest(report.folder / name) for name in files(report.report)} if report.status == DONE else {}
    row = (_now(), report.seconds, report.status, report.error, json.dumps(outputs, sort_keys=True), run)
    ledger.execute("update runs set ended = ?, seconds = ?, status = ?, error = ?, outputs = ? where id = ?", row)


def latest(ledger: sqlite3.Connection) -> list[Run]:
    """The last run of every report, by report, subject and period."""
    rows = ledger.execute(
        "select id, report, subject, period, fingerprint, started,"
        " ifnull(ended, ''), ifnull(seconds, 0), ifnull(status, ''), ifnull(error, ''), ifnull(outputs, '{}')"
        " from runs where id in (select max(id) from runs group by report, subject, period)"
        " order by report, subject, period"
    )
    return [Run(**dict(zip(FIELDS, (*row[:-1], json.loads(row[-1])), strict=True))) for row in rows]


def current(run: Run | None, fingerprint: str, folder: Path) -> bool:
    """Whether that run's report is still right: made from the same inputs, its files untouched."""
    return run is not None and run.status == DONE and run.fingerprint == fingerprint and untouched(run.outputs, folder)


def untouched(outputs: Mapping[str, str], folder: Path) -> bool:
    """Whether every file is there with the bytes that were written."""
    return bool(outputs) and all(
        (folder / name).is_file() and digest(folder / name) == written for name, written in outputs.items()
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

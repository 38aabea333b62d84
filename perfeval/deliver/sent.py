"""What was sent to whom: a table of the ledger, written before a message goes out.

Its key is the report as made and the mailbox, so that of any number of attempts one gets through. What was under way
when a program ended stays there as unknown: nobody but a person can tell whether it arrived.

Every row is written to a file beside the ledger as well (:data:`RECORD`), line by line: a ledger that is damaged and
set aside, emptied or replaced by an older copy gets its rows back from there, and nothing is sent twice.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from perfeval.run import ledger

SENDING, SENT, REFUSED, UNKNOWN = "sending", "sent", "refused", "unknown"
TITLES = {SENDING: "发送中", SENT: "已发送", REFUSED: "未送达", UNKNOWN: "不明"}
"""What people call the states. 未送达: the server took nothing; sending it again is safe."""
SCHEMA = """
create table if not exists sent (
    run_key text not null,
    recipient text not null,
    report text not null,
    subject text not null,
    period text not null,
    message_id text not null,
    title text not null,
    corrects text not null,
    state text not null,
    started text not null,
    ended text not null,
    detail text not null,
    primary key (run_key, recipient)
);
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One row: one report as made, to one mailbox."""

    run_key: str
    """``annual/ronghua/2022/<start of the page's sha256>``."""
    recipient: str
    """The address in lower case."""
    report: str
    subject: str
    """A sub-district's id or a district's name."""
    period: str
    message_id: str
    title: str
    """The message's subject line."""
    corrects: str
    """The id of the message this one corrects; empty in a first one."""
    state: str
    """One of :data:`TITLES`."""
    started: str
    """ISO time, UTC."""
    ended: str = ""
    detail: str = ""
    """What the server or a person said."""


RECORD = ledger.SENT_RECORD
Key = tuple[str, str]
"""Run key and mailbox."""
FIELDS = [field.name for field in fields(Sent)]
_SELECT = f"select {', '.join(FIELDS)} from sent"  # noqa: S608  # our own column names


@contextmanager
def opened(outputs: Path) -> Iterator[sqlite3.Connection]:
    """The ledger with this table in it, complete; a connection belongs to one thread."""
    with ledger.opened(outputs) as book:
        book.executescript(SCHEMA)
        _reconcile(book)
        yield book


def restore(outputs: Path) -> int:
    """Give the ledger back what it has lost of the record; how many rows."""
    with ledger.opened(outputs) as book:
        book.executescript(SCHEMA)
        return _reconcile(book)


def _reconcile(book: sqlite3.Connection) -> int:
    """Bring table and record to the later state of each row; how many rows the table got."""
    noted, held = _recorded(_record(book)), _all(book)
    later = [row for key, row in noted.items() if key not in held or _when(held[key]) < _when(row)]
    changed = ", ".join(f"{name} = excluded.{name}" for name in FIELDS)
    for row in later:  # another program may be ahead of what was read: the later state holds
        book.execute(
            f"insert into sent ({', '.join(FIELDS)}) values ({', '.join('?' * len(FIELDS))})"  # noqa: S608
            f" on conflict (run_key, recipient) do update set {changed}"
            " where excluded.started > sent.started"
            " or (excluded.started = sent.started and excluded.ended > sent.ended)",
            astuple(row),
        )
    _note(book, (row for key, row in held.items() if key not in noted or _when(noted[key]) < _when(row)))
    return len(later)


def _when(row: Sent) -> tuple[str, str]:
    return row.started, row.ended


def _all(book: sqlite3.Connection) -> dict[Key, Sent]:
    found = (Sent(*row) for row in book.execute(_SELECT))
    return {(row.run_key, row.recipient): row for row in found}


def _record(book: sqlite3.Connection) -> Path:
    """The file beside the ledger."""
    (file,) = book.execute("select file from pragma_database_list where name = 'main'").fetchone()
    return Path(file).with_name(RECORD)


def _recorded(file: Path) -> dict[Key, Sent]:
    """The last state of every row on record; a line that a crash has cut off says nothing."""
    found: dict[Key, Sent] = {}
    if not file.is_file():
        return found
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = Sent(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if all(isinstance(part, str) for part in astuple(row)):
            found[row.run_key, row.recipient] = row
    return found


def _note(book: sqlite3.Connection, rows: Iterable[Sent]) -> None:
    """Add rows to the record, down to the disk."""
    lines = [json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows]
    if not lines:
        return
    with _record(book).open("ab+") as file:
        if file.tell() and not _ends_whole(file):
            lines.insert(0, "\n")
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_whole(file: IO[bytes]) -> bool:
    """Whether the last line is complete."""
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def rows(outputs: Path) -> list[Sent]:
    """Everything that was sent or tried, in order, by the ledger and the record; nothing is changed."""
    with ledger.reading(outputs) as book:
        there = book.execute("select 1 from sqlite_master where name = 'sent'").fetchone()
        found = _all(book) if there else {}
    for key, row in _recorded(outputs / RECORD).items():
        if key not in found or _when(found[key]) < _when(row):
            found[key] = row
    return sorted(found.values(), key=lambda row: (row.started, row.run_key, row.recipient))


def claim(book: sqlite3.Connection, row: Sent) -> bool:
    """Take a message on; False where it was sent, is under way or unknown. One that was refused can be taken again."""
    done = book.execute(
        f"insert into sent ({', '.join(FIELDS)}) values ({', '.join('?' * len(FIELDS))})"  # noqa: S608
        " on conflict (run_key, recipient) do update set state = excluded.state, started = excluded.started,"
        " ended = '', detail = '', message_id = excluded.message_id, title = excluded.title,"
        " corrects = excluded.corrects where sent.state = ?",
        (*astuple(row), REFUSED),
    )
    if done.rowcount == 1:
        _note(book, [row])  # before anything goes out
    return done.rowcount == 1


def finish(book: sqlite3.Connection, row: Sent, state: str, detail: str) -> None:
    """Note what became of a message that was taken on."""
    ended = now()
    book.execute(
        "update sent set state = ?, detail = ?, ended = ? where run_key = ? and recipient = ?",
        (state, detail, ended, row.run_key, row.recipient),
    )
    _note(book, [replace(row, state=state, detail=detail, ended=ended)])


def abandon(book: sqlite3.Connection) -> int:
    """Note as unknown what is still under way; only for who knows that nobody is sending. Returns how many."""
    done = book.execute(
        "update sent set state = ?, detail = ?, ended = ? where state = ?",
        (UNKNOWN, "发送时程序中断，不知道是否已送达", now(), SENDING),
    )
    _reconcile(book)
    return done.rowcount


def resolve(book: sqlite3.Connection, row: Sent, arrived: bool) -> bool:
    """A person's word on an unknown message: it arrived, or it is to be sent again. False where it is not unknown."""
    state, detail = (SENT, "由人确认已送达") if arrived else (REFUSED, "由人确认未送达，可以重发")
    done = book.execute(
        "update sent set state = ?, detail = ?, ended = ? where run_key = ? and recipient = ? and state = ?",
        (state, detail, now(), row.run_key, row.recipient, UNKNOWN),
    )
    _reconcile(book)
    return done.rowcount == 1


def of(book: sqlite3.Connection, report: str, subject: str, period: str, recipient: str) -> list[Sent]:
    """What this mailbox got, or may have got, of a report in any of its versions, oldest first."""
    found = book.execute(
        f"{_SELECT} where report = ? and subject = ? and period = ? and recipient = ? order by started, ended",
        (report, subject, period, recipient),
    )
    return [Sent(*row) for row in found]


def now() -> str:
    """The time as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def moment(iso: str) -> str:
    """A time of the ledger as people of this place read it."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")


def history(rows: Iterable[Sent]) -> list[dict[str, Any]]:
    """The rows of the ledger for people: times of this place, states in Chinese."""
    return [
        {
            "time": moment(row.started),
            "state": TITLES[row.state],
            "report": row.report,
            "subject": row.subject,
            "period": row.period,
            "recipient": row.recipient,
            "title": row.title,
            "corrects": row.corrects,
            "run_key": row.run_key,
            "detail": row.detail,
        }
        for row in rows
    ]

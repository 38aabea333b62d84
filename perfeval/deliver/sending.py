"""Reports to mailboxes: what is due, each message composed, claimed in the ledger, then handed over.

Never twice: a message goes out only after its row in the ledger was written by this very attempt. Never to the wrong
one: domains that are not allowed are left out, and more messages than the cap are taken for a mistake.
"""

import hashlib
import smtplib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from perfeval.deliver import sent, server
from perfeval.deliver.message import Attachment, MailError, compose, file_name, message_id
from perfeval.deliver.recipients import Recipient
from perfeval.deliver.sent import REFUSED, SENDING, UNKNOWN, Sent
from perfeval.model.addresses import domain_of, same
from perfeval.model.mailing import MailSettings
from perfeval.present.letters import KINDS, letter

LOCK = "sending.lock"
WAITS = (5.0, 30.0, 120.0)
"""Seconds before the second, third and fourth attempt where the server asks to come back later."""
MINUTE = 60.0
AGAIN = "#"
"""Stands in a run key before the number of times this very version goes to a mailbox, from the second on."""
START = 16
"""Hexadecimal digits of a page's hash in its run key."""
DUE, DONE, OPEN, OTHER, FORBIDDEN = "due", "done", "open", "other", "forbidden"
"""Whether a report is due to a mailbox: yes; it has it; nobody knows; it has another version; not an allowed domain."""


@dataclass(frozen=True, slots=True)
class Source:
    """A report as it was made."""

    report: str
    subject: str
    """A sub-district's id or a district's name."""
    period: str
    figures: dict[str, Any]
    html: bytes
    pdf: bytes | None = field(default=None, repr=False)

    @property
    def run_key(self) -> str:
        """Which report, in which version."""
        return f"{self.report}/{self.subject}/{self.period}/{hashlib.sha256(self.html).hexdigest()[:START]}"

    def attachments(self) -> list[Attachment]:
        """The report as HTML and, where there is one, PDF."""
        title = KINDS[self.report].title
        name = file_name(f"{self.figures.get('name') or self.subject}{self.period}年度{title}")
        safe = self.subject if self.subject.isascii() else hashlib.sha256(self.subject.encode()).hexdigest()[:8]
        ascii_name = file_name(f"{safe}-{self.period}-{self.report}")
        found = [Attachment(f"{name}.html", f"{ascii_name}.html", self.html, "text/html")]
        if self.pdf is not None:
            found.append(Attachment(f"{name}.pdf", f"{ascii_name}.pdf", self.pdf, "application/pdf"))
        return found


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go, and its row in the ledger."""

    row: Sent
    to: Recipient
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a parcel."""

    row: Sent
    state: str
    """A state of the ledger, or :data:`DONE` where another attempt had taken it on."""
    detail: str


def due(
    book: sqlite3.Connection, source: Source, to: Recipient, settings: MailSettings, *, correcting: bool
) -> tuple[str, list[Sent]]:
    """Whether this version of a report is to go to a mailbox, and which messages it would correct."""
    if settings.domains and not settings.allows(domain_of(to.address)):
        return FORBIDDEN, []
    rows = sent.of(book, source.report, source.subject, source.period, same(to.address))
    rows = [row for row in rows if row.state != REFUSED]
    if any(row.state in (SENDING, UNKNOWN) for row in rows):
        return OPEN, [row for row in rows if row.state in (SENDING, UNKNOWN)]
    if rows and _version(rows[-1]) == source.run_key:
        return DONE, rows[-1:]
    return (DUE, rows) if correcting or not rows else (OTHER, rows)


def parcel(
    source: Source, to: Recipient, settings: MailSettings, *, when: datetime, earlier: Sequence[Sent] = ()
) -> Parcel:
    """The message that brings a report to a mailbox, correcting those ``earlier`` ones; dated ``when``."""
    before = sum(_version(row) == source.run_key for row in earlier)  # corrected once, and now right after all
    key = f"{source.run_key}{AGAIN}{before + 1}" if before else source.run_key
    own = message_id(key, same(to.address), settings.sender)
    said = ""
    if earlier:
        last = earlier[-1]
        said = (
            f"本邮件更正{_day(last.started)}所发的同一报告，以本邮件为准。原邮件：{last.title}（编号：{last.run_key}）"
        )
    message = compose(
        letter(source.report, source.figures, number=key, correction=said),
        to,
        settings,
        source.attachments(),
        when=when,
        own_id=own,
        references=[row.message_id for row in earlier],
    )
    row = Sent(
        run_key=key,
        recipient=same(to.address),
        report=source.report,
        subject=source.subject,
        period=source.period,
        message_id=own,
        title=str(message["Subject"]),
        corrects=earlier[-1].message_id if earlier else "",
        state=SENDING,
        started=sent.now(),
    )
    return Parcel(row, to, message.as_bytes())


def _version(row: Sent) -> str:
    return row.run_key.partition(AGAIN)[0]


def _day(iso: str) -> str:
    found = datetime.fromisoformat(iso).astimezone()
    return f"{found.year}年{found.month}月{found.day}日"


def write(parcels: Iterable[Parcel], folder: Path) -> list[Path]:
    """Each message as a file that mail programs open as a draft (``X-Unsent``); each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for each in parcels:
        row = each.row
        target = folder / f"{file_name(f'{row.subject}-{row.period}-{row.report}-{row.recipient}')}.eml"
        partial = target.with_name(f".{target.name}.partial")
        partial.write_bytes(b"X-Unsent: 1\r\n" + each.raw)
        partial.replace(target)
        written.append(target)
    return written


@contextmanager
def alone(outputs: Path) -> Iterator[int]:
    """The right to send, for one program at a time; how many messages an interrupted one left unknown.

    Raises :class:`MailError` where another program is sending.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(outputs / LOCK, timeout=0):
            with sent.opened(outputs) as book:
                left = sent.abandon(book)
            yield left
    except Timeout as error:
        raise MailError("另一个 perfeval send 正在发送，请等它结束") from error


def send(
    outputs: Path,
    parcels: Sequence[Parcel],
    settings: MailSettings,
    password: str,
    *,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
    ended: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Send the parcels one by one, no faster than the settings say; ``ended`` is told each result.

    Raises :class:`MailError` before anything is sent for more parcels than the cap, and where the server cannot be
    used; what was sent until then is in the ledger.
    """
    if len(parcels) > settings.cap:
        raise MailError(
            f"本次要发{len(parcels)}封，超过上限{settings.cap}封，一封也没有发；"
            "请用 -s、--year、--to-role 分批，或调高［mail］cap"
        )
    if not parcels:
        return []
    results = []
    session, last = server.connect(settings, password), None
    try:
        with sent.opened(outputs) as book:
            for each in parcels:
                if last is not None:
                    sleep(max(0.0, MINUTE / settings.per_minute - (clock() - last)))
                last = clock()
                if sent.claim(book, each.row):
                    session, state, detail = _deliver(session, each, settings, password, sleep)
                    sent.finish(book, each.row, state, detail)
                else:
                    state, detail = DONE, "已由另一次发送处理"
                results.append(Result(each.row, state, detail))
                ended(results[-1])
    finally:
        server.quit_(session)
    return results


def _deliver(
    session: smtplib.SMTP, each: Parcel, settings: MailSettings, password: str, sleep: Callable[[float], None]
) -> tuple[smtplib.SMTP, str, str]:
    """Hand one parcel over, trying again where that is safe: the session, the state of the ledger, and why."""
    state, detail = server.AGAIN, ""
    for wait in (*WAITS, None):
        try:
            session = session if server.alive(session) else server.connect(settings, password)
            state, detail = server.hand_over(session, settings.sender, each.to.address, each.raw, password)
        except server.Unreachable as error:  # no session: nothing was handed over
            state, detail = server.AGAIN, str(error)
        except MailError as error:
            state, detail = REFUSED, str(error)
        if state != server.AGAIN:
            return session, state, detail
        if wait is not None:
            sleep(wait)
    return session, REFUSED, f"试了{len(WAITS) + 1}次，服务器暂不接收：{detail}"

"""Which reports go to whom, and why one is not sent; what became of each message."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from perfeval.deliver import pdf, sending, sent
from perfeval.deliver.message import Recipient, recipients
from perfeval.deliver.sending import Parcel, Result, Source
from perfeval.deliver.sent import Sent
from perfeval.model import scratch
from perfeval.model.errors import NotOnFile, PerfevalError
from perfeval.model.mailing import same
from perfeval.present.page import alone
from perfeval.run import ledger
from perfeval.run.made import NotMade, made_of
from perfeval.run.project import Project

Unit = tuple[str, int | str]
"""Whose a report is (a sub-district's id, a district's name, or 全部), and its year or span of years."""
MOST = 1_000_000
"""Bytes of a message, encoded: what gateways of offices and mailboxes on phones still take."""
BODY = 100_000
"""Of these, room for the text, its picture and the headers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent."""

    report: str
    ruleset: str
    roles: tuple[str, ...]
    """Only to these; to all where none is given."""
    addresses: tuple[str, ...]
    """Likewise."""
    correcting: bool
    """Whether who has another version gets this one, as a correction of it."""
    when: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one message, in words."""

    subject: str
    year: int | str
    """A year, or a span of years (``2019-2024``)."""
    address: str
    state: str
    detail: str
    trouble: bool = False
    """Whether somebody has to look after it."""
    file: str = ""

    def __str__(self) -> str:
        return "  ".join(
            filter(None, [self.state, f"{self.subject} {self.year}", self.address, self.file, self.detail])
        )


def as_made(place: Project, asked: Asked, subject: str, period: int | str) -> Source:
    """A report as it was made, if it may be handed on: page and figures of one and the same run, read once; the page
    without its way back to the reports that stay behind.

    Raises :class:`NotMade` where there is none, or none that is right.
    """
    page = made_of(place, asked.report, asked.ruleset, subject, str(period))
    html, result = page.read_bytes(), page.with_name("result.json").read_bytes()
    hashes = {page.name: hashlib.sha256(html).hexdigest(), "result.json": hashlib.sha256(result).hexdigest()}
    with ledger.reading(place.outputs) as book:
        runs = [run for run in ledger.latest(book) if run.report == asked.report]
    noted = [{name: written.sha256 for name, written in run.outputs.items()} for run in runs]
    if not any(hashes.items() <= outputs.items() for outputs in noted):
        raise NotMade(f"{subject} {period}年度的报告 {asked.report} 正在重新生成，请稍后再发")
    return Source(asked.report, subject, str(period), json.loads(result), alone(html))


def year_of(period: str) -> int | str:
    """A period as lists show it: a year as a number."""
    return int(period) if period.isdecimal() else period


def parcels(
    place: Project,
    listed: pd.DataFrame,
    asked: Asked,
    wanted: Iterable[Unit],
    *,
    told: Callable[[str], None],
    source_of: Callable[[Project, Asked, str, int | str], Source] = as_made,
) -> tuple[list[Parcel], list[Line]]:
    """The messages to go, and a line for each that will not, with the reason.

    ``listed`` are the recipients (:data:`~perfeval.model.schema.RECIPIENTS`); ``told`` hears why mail goes without a
    PDF; ``source_of`` gives a report or raises :class:`NotMade`. Raises :class:`NotOnFile` where nobody is to have any
    of the reports.
    """
    only = set(map(same, asked.addresses))
    going: list[Parcel] = []
    lines: list[Line] = []
    for subject, period in wanted:
        people = recipients(listed, subject, asked.when.date().isoformat(), asked.roles)
        people = [to for to in people if not only or same(to.address) in only]
        if not people:
            continue
        try:
            source = source_of(place, asked, subject, period)
        except NotMade as stopped:
            lines += [Line(subject, period, to.address, "没有发", str(stopped), trouble=True) for to in people]
            continue
        with sent.opened(place.outputs) as book:
            chosen = [(to, *sending.due(book, source, to, place.mail, correcting=asked.correcting)) for to in people]
        lines += [_left(source, to, why, rows) for to, why, rows in chosen if why != sending.DUE]
        due = [(to, rows) for to, why, rows in chosen if why == sending.DUE]
        source = _with_pdf(source, told) if due and place.mail.pdf else source
        going += [sending.parcel(source, to, place.mail, when=asked.when, earlier=rows) for to, rows in due]
    if not going and not lines:
        raise NotOnFile("收件人表里现在没有人要收这些报告；请核对单位、角色、邮箱和起止日期")
    return going, lines


def _with_pdf(source: Source, told: Callable[[str], None]) -> Source:
    """The report with its PDF where a browser is found and both fit into a message; else it is told why not, and the
    mail goes with the HTML alone, which any browser prints."""
    if pdf.browser() is None:
        return source
    with scratch.folder() as own:
        page, paper = own / "report.html", own / "report.pdf"
        page.write_bytes(source.html)
        try:
            pdf.to_pdf(page, paper)
        except PerfevalError as error:
            told(f"邮件不附PDF：{error}")
            return source
        content = paper.read_bytes()
    size = encoded(len(source.html)) + encoded(len(content)) + BODY
    if size > MOST:
        what = f"{source.subject} {source.period}"
        told(f"邮件不附PDF：{what} 连同PDF约{size / 1e6:.1f}MB，超过1MB；HTML照附，可用浏览器打印")
        return source
    return replace(source, pdf=content)


def encoded(size: int) -> int:
    """How many bytes an attachment of this size takes in a message (base64, lines of 76 and their ends).

    >>> encoded(57), encoded(750_000)
    (78, 1026316)
    """
    signs = -(-size // 3) * 4
    return signs + 2 * -(-signs // 76)


def _left(source: Source, to: Recipient, why: str, rows: list[Sent]) -> Line:
    """Why a mailbox gets nothing."""
    last = rows[-1] if rows else None
    when = sent.moment(last.started) if last else ""
    state, detail, trouble = {
        sending.DONE: ("已发过", f"同一版本已于{when}发送，不再发", False),
        sending.OTHER: ("没有发", f"另一版本已于{when}发送；确要更正请加 --correction", True),
        sending.OPEN: ("不明", f"{when}的发送是否送达不明；请问收件人，再用 --resolve sent 或 --resolve resend", True),
        sending.FORBIDDEN: ("没有发", "不在［mail］domains允许的域名之内", True),
    }[why]
    return Line(source.subject, year_of(source.period), to.address, state, detail, trouble)


def outcome(result: Result) -> Line:
    """What became of a message that was to go."""
    row, state = result.row, sent.TITLES.get(result.state, "已发过")
    detail = row.title if result.state == sent.SENT else result.detail
    trouble = result.state in (sent.REFUSED, sent.UNKNOWN)
    return Line(row.subject, year_of(row.period), row.recipient, state, detail, trouble)


def resolve(
    outputs: Path, report: str, wanted: Iterable[Unit], addresses: Collection[str], *, arrived: bool
) -> list[Sent]:
    """A person's word on messages of which nobody knows whether they arrived; those it was said of.

    Of the reports on these, and only of these ``addresses`` where some are given.
    """
    chosen = {(subject, str(period)) for subject, period in wanted}
    only = set(map(same, addresses))
    with sending.alone(outputs), sent.opened(outputs) as book:
        return [
            row
            for row in sent.rows(outputs)
            if row.report == report
            and (row.subject, row.period) in chosen
            and (not only or row.recipient in only)
            and sent.resolve(book, row, arrived)
        ]

"""What ``perfeval send`` is to send: which reports, to whom, and why something is not sent."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import click

from perfeval.deliver import pdf, sending, sent
from perfeval.deliver.recipients import Recipient, recipients
from perfeval.deliver.sending import Parcel, Source
from perfeval.deliver.sent import Sent
from perfeval.ingest import recipients as table
from perfeval.ingest import store
from perfeval.model import scratch
from perfeval.model.addresses import same
from perfeval.model.errors import NotOnFile, PerfevalError
from perfeval.run import ledger, project
from perfeval.run.made import NotMade, made
from perfeval.run.project import Project
from perfeval.run.subjects import in_district

ANNUAL, OVERVIEW = "annual", "overview"
Unit = tuple[str, int]
"""A sub-district's id, or for an overview a district's name, and a year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    report: str
    ruleset: str
    roles: tuple[str, ...]
    addresses: tuple[str, ...]
    correcting: bool
    when: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one message, as it is printed; ``--json`` gives the same."""

    subject: str
    year: int
    address: str
    state: str
    detail: str
    trouble: bool = False
    file: str = ""

    def __str__(self) -> str:
        return "  ".join(
            filter(None, [self.state, f"{self.subject} {self.year}", self.address, self.file, self.detail])
        )


def units(place: Project, report: str, subdistricts: tuple[str, ...], years: tuple[int, ...]) -> list[Unit]:
    """The offices (of an overview: districts) and years asked for; :class:`NotOnFile` for what is not there."""
    if report != OVERVIEW:
        return project.on_file(place.data, subdistricts or None, years or None)
    held = project.on_file(place.data, None, years or None)
    known = store.districts(place.data)
    for name in subdistricts:
        in_district(place.data, name, held)  # says what there is where there is no such district
    found = sorted({(known[name], year) for name, year in held if known.get(name)})
    return [unit for unit in found if not subdistricts or unit[0] in subdistricts]


def parcels(place: Project, asked: Asked, wanted: Iterable[Unit]) -> tuple[list[Parcel], list[Line]]:
    """The messages to go, and a line for each that will not, with the reason.

    Raises :class:`~perfeval.model.errors.DataError` for a table of recipients with errors, :class:`NotOnFile` where
    nobody is to have any of the reports.
    """
    listed = table.load(project.shown(place.data))
    only = set(map(same, asked.addresses))
    going: list[Parcel] = []
    lines: list[Line] = []
    for subject, year in wanted:
        people = recipients(listed, subject, asked.when.date().isoformat(), asked.roles)
        people = [to for to in people if not only or same(to.address) in only]
        if not people:
            continue
        try:
            source = _source(place, asked, subject, year)
        except NotMade as stopped:
            lines += [Line(subject, year, to.address, "没有发", str(stopped), trouble=True) for to in people]
            continue
        with sent.opened(place.outputs) as book:
            chosen = [(to, *sending.due(book, source, to, place.mail, correcting=asked.correcting)) for to in people]
        lines += [_left(source, to, why, rows) for to, why, rows in chosen if why != sending.DUE]
        due = [(to, rows) for to, why, rows in chosen if why == sending.DUE]
        source = _with_pdf(source) if due and place.mail.pdf else source
        going += [sending.parcel(source, to, place.mail, when=asked.when, earlier=rows) for to, rows in due]
    if not going and not lines:
        raise NotOnFile("收件人表里现在没有人要收这些报告；请核对单位、角色、邮箱和起止日期")
    return going, lines


def _source(place: Project, asked: Asked, subject: str, year: int) -> Source:
    """A report as it was made, if it may be handed on: page and figures of one and the same run, read once."""
    whose = {"district" if asked.report == OVERVIEW else "subdistrict": subject}
    page = made(place, asked.report, asked.ruleset, years=year, **whose)
    html, result = page.read_bytes(), page.with_name("result.json").read_bytes()
    hashes = {page.name: hashlib.sha256(html).hexdigest(), "result.json": hashlib.sha256(result).hexdigest()}
    with ledger.reading(place.outputs) as book:
        runs = [run for run in ledger.latest(book) if run.report == asked.report]
    noted = [{name: written.sha256 for name, written in run.outputs.items()} for run in runs]
    if not any(hashes.items() <= outputs.items() for outputs in noted):
        raise NotMade(f"{subject} {year}年度的报告 {asked.report} 正在重新生成，请稍后再发")
    return Source(asked.report, subject, str(year), json.loads(result), html)


def _with_pdf(source: Source) -> Source:
    """The report with its PDF where a browser is found; a failure is told, and the mail goes without."""
    if pdf.browser() is None:
        return source
    with scratch.folder() as own:
        page, paper = own / "report.html", own / "report.pdf"
        page.write_bytes(source.html)
        try:
            pdf.to_pdf(page, paper)
        except PerfevalError as error:
            click.echo(f"邮件不附PDF：{error}", err=True)
            return source
        return replace(source, pdf=paper.read_bytes())


def _left(source: Source, to: Recipient, why: str, rows: list[Sent]) -> Line:
    """Why a mailbox gets nothing."""
    last = rows[-1] if rows else None
    when = _time(last.started) if last else ""
    state, detail, trouble = {
        sending.DONE: ("已发过", f"同一版本已于{when}发送，不再发", False),
        sending.OTHER: ("没有发", f"另一版本已于{when}发送；确要更正请加 --correction", True),
        sending.OPEN: ("不明", f"{when}的发送是否送达不明；请问收件人，再用 --resolve sent 或 --resolve resend", True),
        sending.FORBIDDEN: ("没有发", "不在［mail］domains允许的域名之内", True),
    }[why]
    return Line(source.subject, int(source.period), to.address, state, detail, trouble)


def _time(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")


def history(rows: Iterable[Sent]) -> list[dict[str, Any]]:
    """The rows of the ledger for people: times of this place, states in Chinese."""
    return [
        {
            "time": _time(row.started),
            "state": sent.TITLES[row.state],
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

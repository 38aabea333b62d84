"""Which reports go to whom, and why one is not sent: decided without the command line."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import example
import pandas as pd
import pytest

from perfeval.deliver import dispatch, sending, sent
from perfeval.deliver.dispatch import Asked, Line
from perfeval.deliver.pdf import browser
from perfeval.deliver.sending import Result, Source
from perfeval.model.errors import NotOnFile, PerfevalError
from perfeval.model.mailing import MailSettings
from perfeval.present import show
from perfeval.run import Report
from perfeval.run.made import NotMade
from perfeval.run.project import Project

WHEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FIGURES = show.record(example.evaluation()).figures
ASKED = Asked("annual", "hubei", (), (), correcting=False, when=WHEN)
PEOPLE = pd.DataFrame(
    [
        ("shifan", "主要领导", "张三", "zhang@example.cn", "", ""),
        ("shifan", "财政科", "", "li@other.example", "", ""),
        ("shifan", "财政科", "", "gone@example.cn", "", "2026-11-23"),
        ("shifan", "财政科", "", "later@example.cn", "2026-11-25", ""),
        ("xihe", "主要领导", "王五", "wang@example.cn", "", ""),
    ],
    columns=["subdistrict", "role", "name", "address", "from", "to"],
)


@pytest.fixture
def place(tmp_path: Path) -> Project:
    folders = (tmp_path / name for name in ("data", "outputs", "notebooks"))
    return Project(tmp_path, *folders, mail=MailSettings(sender="a@example.cn", domains=("example.cn",), pdf=False))


def page(text: bytes = b"<p>first</p>"):
    """Every report as this page; that of ``xihe`` was not made."""

    def of(_: Project, asked: Asked, subject: str, year: int) -> Source:
        if subject == "xihe":
            raise NotMade("还没有生成")
        return Source(asked.report, subject, str(year), FIGURES, text)

    return of


def decided(place: Project, asked: Asked = ASKED, *units: tuple[str, int], text: bytes = b"<p>first</p>"):
    wanted = units or (("shifan", 2022),)
    return dispatch.parcels(place, PEOPLE, asked, wanted, told=pytest.fail, source_of=page(text))


def note(place: Project, state: str, text: bytes = b"<p>first</p>") -> None:
    """What is due is claimed, and ends so; ``SENDING``: it never ended."""
    going, _ = decided(place, text=text)
    with sent.opened(place.outputs) as book:
        for parcel in going:
            assert sent.claim(book, parcel.row)
            if state != sent.SENDING:
                sent.finish(book, parcel.row, state, "")


def test_those_listed_today_in_allowed_domains_get_it_and_the_others_are_told_why(place: Project) -> None:
    going, lines = decided(place)
    assert [parcel.to.address for parcel in going] == ["zhang@example.cn"]
    assert lines == [
        Line("shifan", 2022, "li@other.example", "没有发", "不在［mail］domains允许的域名之内", trouble=True)
    ]


def test_what_was_not_made_is_a_line_for_each_who_was_to_have_it(place: Project) -> None:
    going, lines = decided(place, ASKED, ("xihe", 2022), ("shifan", 2022))
    assert len(going) == 1
    assert lines[0] == Line("xihe", 2022, "wang@example.cn", "没有发", "还没有生成", trouble=True)


@pytest.mark.parametrize(
    ("state", "version", "correcting", "said", "trouble"),
    [
        (sent.SENT, b"<p>first</p>", False, "已发过", False),
        (sent.SENT, b"<p>second</p>", False, "没有发", True),
        (sent.SENT, b"<p>second</p>", True, None, False),
        (sent.UNKNOWN, b"<p>first</p>", False, "不明", True),
        (sent.SENDING, b"<p>second</p>", True, "不明", True),
        (sent.REFUSED, b"<p>first</p>", False, None, False),
    ],
)
def test_what_went_before_decides(
    place: Project, state: str, version: bytes, correcting: bool, said: str | None, trouble: bool
) -> None:
    note(place, state)
    only = replace(ASKED, addresses=("ZHANG@example.cn",), correcting=correcting)
    going, lines = decided(place, only, text=version)
    assert len(going) == (said is None)
    assert [(line.state, line.trouble) for line in lines] == ([] if said is None else [(said, trouble)])
    assert len(sent.history(sent.rows(place.outputs))) == 1


def test_nobody_to_write_to_and_a_role_nobody_has_are_errors(place: Project) -> None:
    with pytest.raises(NotOnFile, match="没有人要收"):
        decided(place, replace(ASKED, addresses=("nobody@example.cn",)))
    with pytest.raises(PerfevalError, match="没有角色“财政课”"):
        decided(place, replace(ASKED, roles=("财政课",)))


@pytest.mark.parametrize(("arrived", "then"), [(True, "已发过"), (False, None)])
def test_a_persons_word_is_taken_only_for_what_is_meant(place: Project, arrived: bool, then: str | None) -> None:
    note(place, sent.UNKNOWN)
    assert not dispatch.resolve(place.outputs, "annual", [("shifan", 2021)], (), arrived=arrived)
    assert not dispatch.resolve(place.outputs, "overview", [("shifan", 2022)], (), arrived=arrived)
    assert not dispatch.resolve(place.outputs, "annual", [("shifan", 2022)], ["li@other.example"], arrived=arrived)
    (row,) = dispatch.resolve(place.outputs, "annual", [("shifan", 2022)], ["Zhang@EXAMPLE.cn"], arrived=arrived)
    assert row.recipient == "zhang@example.cn"
    going, lines = decided(place, replace(ASKED, addresses=("zhang@example.cn",)))
    assert [line.state for line in lines] == ([] if then is None else [then])
    assert len(going) == (then is None)


def test_an_outcome_that_is_no_delivery_is_trouble(place: Project) -> None:
    (parcel,), _ = decided(place)
    told = {state: dispatch.outcome(Result(parcel.row, state, "550")) for state in (*sent.TITLES, sending.DONE)}
    assert {state for state, line in told.items() if line.trouble} == {sent.REFUSED, sent.UNKNOWN}
    assert (told[sent.SENT].detail, told[sent.REFUSED].detail) == (parcel.row.title, "550")
    assert told[sending.DONE].state == "已发过"


@pytest.mark.skipif(sys.platform == "win32", reason="the browser is a shell script")
@pytest.mark.parametrize(("size", "there"), [(500_000, True), (700_000, False)])
def test_a_pdf_that_makes_the_message_too_large_stays_behind_and_that_is_said(
    place: Project, monkeypatch: pytest.MonkeyPatch, size: int, there: bool
) -> None:
    """The HTML always goes; both together, encoded, are within a megabyte."""
    program = place.root / "browser"
    made = b"%PDF-1.4" + bytes(size) + b"%%EOF"
    (place.root / "made.pdf").write_bytes(made)
    program.write_text(
        f"#!/bin/sh\nfor one in \"$@\"; do case $one in --print-to-pdf=*) cp '{place.root}/made.pdf' "
        '"${one#--print-to-pdf=}";; esac; done\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PERFEVAL_BROWSER", str(program))
    told: list[str] = []
    place = replace(place, mail=replace(place.mail, pdf=True))
    html = b"<p>" + b"x" * 120_000
    (parcel,), _ = dispatch.parcels(
        place, PEOPLE, replace(ASKED, addresses=("zhang@example.cn",)), [("shifan", 2022)], told=told.append,
        source_of=page(html),
    )  # fmt: skip
    message = message_from_bytes(parcel.raw, policy=default)
    kinds = [part.get_content_type() for part in message.iter_attachments()]
    assert kinds == ["text/html", "application/pdf"][: 1 + there]
    assert len(parcel.raw) <= dispatch.MOST
    assert told == ([] if there else ["邮件不附PDF：shifan 2022 连同PDF约1.2MB，超过1MB；HTML照附，可用浏览器打印"])


@pytest.mark.skipif(browser() is None, reason="no browser on this machine")
def test_a_real_report_goes_with_its_pdf_within_a_megabyte(place: Project, made: Report) -> None:
    told: list[str] = []
    place = replace(place, mail=replace(place.mail, pdf=True))
    (parcel,), _ = dispatch.parcels(
        place, PEOPLE, replace(ASKED, addresses=("zhang@example.cn",)), [("shifan", 2022)], told=told.append,
        source_of=page(made.html.read_bytes()),
    )  # fmt: skip
    message = message_from_bytes(parcel.raw, policy=default)
    assert [part.get_content_type() for part in message.iter_attachments()] == ["text/html", "application/pdf"]
    assert told == []
    assert len(parcel.raw) <= 1_000_000


def test_a_report_over_years_is_sent_under_its_span(place: Project) -> None:
    going, lines = decided(place, replace(ASKED, report="trend"), ("shifan", "2019-2022"), ("xihe", "2019-2022"))
    assert going[0].row.period == "2019-2022"
    name = next(message_from_bytes(going[0].raw, policy=default).iter_attachments()).get_filename()
    assert name == f"{FIGURES['name']}2019-2022年历年绩效自评.html"
    assert lines[0].year == "2019-2022"

"""Reports to mailboxes: never twice, never to the wrong one, whatever the server and the machine do."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import example
import pytest
from mailserver import PASSWORD, SENDER, USER, Running, running

from perfeval.deliver import sending, sent
from perfeval.deliver.message import MailError, Recipient
from perfeval.deliver.sending import Parcel, Result, Source
from perfeval.deliver.sent import REFUSED, SENDING, SENT, UNKNOWN
from perfeval.model.mailing import MailSettings
from perfeval.present import show

WHEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TO = Recipient("张三", "主要领导", "Zhang.San@example.cn")
FIGURES = show.record(example.evaluation()).figures
FIRST = Source("annual", "shifan", "2022", FIGURES, b"<p>first</p>")
SECOND = replace(FIRST, html=b"<p>second</p>")
HERE = MailSettings(sender=SENDER, domains=("example.cn",), per_minute=6000)


def settings(there: Running, **others) -> MailSettings:
    found = replace(HERE, host=there.host, port=there.port, user=USER, ca_file=str(there.ca_file), timeout=5)
    return replace(found, **others)


def parcels(*addresses: str, source: Source = FIRST, found: MailSettings = HERE) -> list[Parcel]:
    return [sending.parcel(source, Recipient("", "", address), found, when=WHEN) for address in addresses]


def send(outputs: Path, going: list[Parcel], found: MailSettings, waits: list[float] | None = None) -> list[Result]:
    slept = [] if waits is None else waits
    return sending.send(outputs, going, found, PASSWORD, sleep=slept.append, clock=lambda: 0.0)


def due(outputs: Path, source: Source, *, correcting: bool = False, found: MailSettings = HERE) -> str:
    with sent.opened(outputs) as book:
        return sending.due(book, source, TO, found, correcting=correcting)[0]


def test_of_sixty_four_attempts_at_once_one_gets_through(tmp_path: Path) -> None:
    going = parcels(TO.address)
    states: list[str] = []
    start = threading.Barrier(64)

    def attempt() -> None:
        start.wait()
        states.extend(result.state for result in send(tmp_path, going, found))

    with running(tmp_path) as there:
        found = settings(there, timeout=60)
        threads = [threading.Thread(target=attempt) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(states) == [sending.DONE] * 63 + [SENT]
    assert len(there.keeper.received) == 1
    assert [row.state for row in sent.rows(tmp_path)] == [SENT]


def test_each_gets_one_message_of_his_own(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        results = send(tmp_path, parcels("a@example.cn", "b@example.cn"), settings(there))
    assert [result.state for result in results] == [SENT, SENT]
    assert there.keeper.envelopes == [(SENDER, ["a@example.cn"]), (SENDER, ["b@example.cn"])]
    assert [str(message["To"]) for message in there.keeper.messages] == ["a@example.cn", "b@example.cn"]


def test_what_was_sent_is_not_due_again_in_any_spelling(tmp_path: Path) -> None:
    assert due(tmp_path, FIRST) == sending.DUE
    with running(tmp_path) as there:
        send(tmp_path, [sending.parcel(FIRST, TO, HERE, when=WHEN)], settings(there))
        assert due(tmp_path, FIRST) == sending.DONE
        again = sending.parcel(FIRST, replace(TO, address="zhang.san@EXAMPLE.cn"), HERE, when=WHEN)
        assert send(tmp_path, [again], settings(there))[0].state == sending.DONE
    assert len(there.keeper.received) == 1


def test_four_hundreds_are_tried_again_with_longer_waits(tmp_path: Path) -> None:
    waits: list[float] = []
    with running(tmp_path) as there:
        there.keeper.answers = {"RCPT": ["450 greylisted"], "DATA": ["451 busy"]}
        (result,) = send(tmp_path, parcels(TO.address), settings(there), waits)
    assert result.state == SENT
    assert waits == list(sending.WAITS[:2])
    assert len(there.keeper.received) == 1


def test_after_the_last_attempt_it_is_not_delivered_and_may_be_sent_later(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        there.keeper.answers = {"RCPT": ["450 later"] * 4}
        (result,) = send(tmp_path, parcels(TO.address), settings(there))
        assert (result.state, "试了4次" in result.detail, "450 later" in result.detail) == (REFUSED, True, True)
        assert due(tmp_path, FIRST) == sending.DUE
        assert send(tmp_path, parcels(TO.address), settings(there))[0].state == SENT
    assert [row.state for row in sent.rows(tmp_path)] == [SENT]


def test_five_hundreds_are_listed_and_stop_nobody_else(tmp_path: Path) -> None:
    waits: list[float] = []
    with running(tmp_path) as there:
        there.keeper.answers = {"RCPT": ["550 no such user"]}
        results = send(tmp_path, parcels("gone@example.cn", "b@example.cn"), settings(there), waits)
    assert [result.state for result in results] == [REFUSED, SENT]
    assert results[0].detail == "550 no such user"
    assert all(wait < sending.WAITS[0] for wait in waits), "no second attempt"


@pytest.mark.parametrize("habit", ["drop", "take-and-drop", "hang"])
def test_what_nobody_knows_is_left_to_a_person(tmp_path: Path, habit: str) -> None:
    with running(tmp_path) as there:
        there.keeper.answers = {"DATA": [habit]}
        results = send(tmp_path, parcels(TO.address, "b@example.cn"), settings(there, timeout=1))
        assert [result.state for result in results] == [UNKNOWN, SENT], "the next one has a session again"
        assert due(tmp_path, FIRST) == sending.OPEN
        assert due(tmp_path, SECOND, correcting=True) == sending.OPEN, "not even a correction"
        assert send(tmp_path, parcels(TO.address), settings(there))[0].state == sending.DONE
    assert len(there.keeper.received) == (2 if habit == "take-and-drop" else 1)


@pytest.mark.parametrize(("arrived", "then"), [(True, sending.DONE), (False, sending.DUE)])
def test_a_person_decides(tmp_path: Path, arrived: bool, then: str) -> None:
    (going,) = parcels(TO.address)
    with sent.opened(tmp_path) as book:
        assert sent.claim(book, going.row)
    with sending.alone(tmp_path) as left:
        assert left == 1, "a program that ended while sending leaves the message unknown"
    (row,) = sent.rows(tmp_path)
    assert row.state == UNKNOWN
    with sent.opened(tmp_path) as book:
        assert sent.resolve(book, row, arrived)
        assert not sent.resolve(book, row, not arrived), "only what is unknown can be decided"
    assert due(tmp_path, FIRST) == then


def test_one_program_sends_at_a_time_and_leaves_the_others_work_alone(tmp_path: Path) -> None:
    with sending.alone(tmp_path):
        with sent.opened(tmp_path) as book:
            sent.claim(book, parcels(TO.address)[0].row)
        with pytest.raises(MailError, match="另一个"), sending.alone(tmp_path):
            pass
        assert [row.state for row in sent.rows(tmp_path)] == [SENDING]


def test_another_version_goes_only_as_a_correction_that_names_the_first(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        send(tmp_path, [sending.parcel(FIRST, TO, HERE, when=WHEN)], settings(there))
        assert due(tmp_path, SECOND) == sending.OTHER
        assert due(tmp_path, SECOND, correcting=True) == sending.DUE
        with sent.opened(tmp_path) as book:
            earlier = sending.due(book, SECOND, TO, HERE, correcting=True)[1]
        correction = sending.parcel(SECOND, TO, HERE, when=WHEN, earlier=earlier)
        assert send(tmp_path, [correction], settings(there))[0].state == SENT
        assert due(tmp_path, SECOND) == sending.DONE
        # The first version was right after all: that is a correction of the correction.
        assert due(tmp_path, FIRST) == sending.OTHER
        with sent.opened(tmp_path) as book:
            earlier = sending.due(book, FIRST, TO, HERE, correcting=True)[1]
        back = sending.parcel(FIRST, TO, HERE, when=WHEN, earlier=earlier)
        assert send(tmp_path, [back], settings(there))[0].state == SENT
    first, second, third = there.keeper.messages
    assert str(second["Subject"]).startswith("【更正】")
    assert second["References"] == second["In-Reply-To"] == first["Message-ID"]
    assert str(third["References"]).split() == [first["Message-ID"], second["Message-ID"]]
    said = second.get_body(("plain",)).get_content()
    today = datetime.now(UTC).astimezone()
    assert f"更正{today.year}年{today.month}月{today.day}日所发" in said
    assert str(first["Subject"]) in said.replace("\n", "")
    assert len({message["Message-ID"] for message in (first, second, third)}) == 3


def test_more_than_the_cap_is_taken_for_a_mistake(tmp_path: Path) -> None:
    with running(tmp_path) as there, pytest.raises(MailError, match="要发3封，超过上限2封，一封也没有发"):
        send(tmp_path, parcels("a@example.cn", "b@example.cn", "c@example.cn"), settings(there, cap=2))
    assert there.keeper.received == []
    assert sent.rows(tmp_path) == []


def test_no_faster_than_the_settings_say(tmp_path: Path) -> None:
    waits: list[float] = []
    with running(tmp_path) as there:
        send(tmp_path, parcels("a@example.cn", "b@example.cn", "c@example.cn"), settings(there, per_minute=20), waits)
    assert waits == [3.0, 3.0], "20 a minute, by a clock that stands still"


def test_only_to_domains_that_are_allowed(tmp_path: Path) -> None:
    for domain in ("evil.cn", "sub.example.cn", "example.cn.evil.cn"):
        with sent.opened(tmp_path) as book:
            to = Recipient("", "", f"a@{domain}")
            assert sending.due(book, FIRST, to, HERE, correcting=False) == (sending.FORBIDDEN, [])


def test_a_server_that_cannot_be_used_stops_before_anything_is_claimed(tmp_path: Path) -> None:
    with running(tmp_path) as there, pytest.raises(MailError, match="证书不可信"):
        send(tmp_path, parcels(TO.address), settings(there, ca_file=""))
    with pytest.raises(sending.Unreachable):
        send(tmp_path, parcels(TO.address), settings(there))
    assert sent.rows(tmp_path) == []


def test_the_password_is_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with running(tmp_path) as there:
        found = settings(there)
        send(tmp_path, parcels(TO.address), found)
        with pytest.raises(MailError) as caught:
            sending.send(
                tmp_path, parcels("b@example.cn"), found, "wrong-s3cr3t", sleep=lambda _: None, clock=lambda: 0
            )
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()) + b"".join(
        there.keeper.received
    )
    told = "".join([*capfd.readouterr(), str(caught.value), repr(found)])
    for secret in (PASSWORD, "wrong-s3cr3t"):
        assert secret.encode() not in left
        assert secret not in told


def test_a_dry_run_writes_drafts_that_appear_whole(tmp_path: Path) -> None:
    going = parcels(TO.address, "con@example.cn")
    first, second = sending.write(going, tmp_path / "mails")
    assert first.name == "shifan-2022-annual-zhang.san@example.cn.eml"
    assert sorted(path.name for path in first.parent.iterdir()) == sorted([first.name, second.name])
    assert first.read_bytes() == b"X-Unsent: 1\r\n" + going[0].raw
    assert sending.write(going, tmp_path / "mails") == [first, second], "again, over what is there"

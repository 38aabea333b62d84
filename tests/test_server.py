"""Talking to a mail server: one in a thread of its own, with TLS, AUTH and every bad habit."""

import smtplib
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from mailserver import PASSWORD, SENDER, USER, Running, running

from perfeval.deliver import sending
from perfeval.deliver.message import MailError
from perfeval.deliver.sent import REFUSED, SENT, UNKNOWN
from perfeval.model.mailing import SMTPS, MailSettings

RAW = b"Subject: a\r\n\r\n.one dot\r\n..two\r\nend\r\n"
TO = "zhang@example.cn"


def settings(there: Running, **others) -> MailSettings:
    found = MailSettings(
        host=there.host,
        port=there.port,
        user=USER,
        sender=SENDER,
        domains=("example.cn",),
        ca_file=str(there.ca_file),
        timeout=5,
    )
    return replace(found, **others)


def attempt(there: Running, **others) -> tuple[str, str]:
    session = sending.connect(settings(there, **others), PASSWORD)
    try:
        return sending.hand_over(session, SENDER, TO, RAW)
    finally:
        sending.quit_(session)


@pytest.mark.parametrize("security", ["starttls", "smtps"])
def test_delivers_over_an_encrypted_connection_after_logging_in(tmp_path: Path, security: str) -> None:
    with running(tmp_path, smtps=security == SMTPS) as there:
        assert attempt(there, security=security) == (SENT, "250 2.0.0 taken")
    assert there.keeper.received == [RAW], "dots at the start of lines come through as they are"
    assert there.keeper.envelopes == [(SENDER, [TO])]
    assert there.keeper.logins == 1


def test_an_authority_nobody_trusts_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        for ca_file in ("", str(_another(tmp_path))):
            with pytest.raises(MailError, match="证书不可信") as caught:
                sending.connect(settings(there, ca_file=ca_file), PASSWORD)
            assert not isinstance(caught.value, sending.Unreachable), "waiting does not help"
    assert there.keeper.logins == 0, "the password was not shown"


def _another(folder: Path) -> Path:
    import trustme

    file = folder / "another.pem"
    trustme.CA().cert_pem.write_to_path(file)
    return file


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    with running(tmp_path, name="other.example.cn") as there, pytest.raises(MailError, match="证书不可信"):
        sending.connect(settings(there), PASSWORD)


def test_a_server_without_starttls_gets_neither_password_nor_mail(tmp_path: Path) -> None:
    with running(tmp_path, tls=False) as there, pytest.raises(MailError, match="不支持STARTTLS"):
        sending.connect(settings(there), PASSWORD)
    assert (there.keeper.received, there.keeper.logins) == ([], 0)


def test_smtps_to_a_port_that_is_not_encrypted_is_refused(tmp_path: Path) -> None:
    with running(tmp_path, tls=False) as there, pytest.raises(MailError, match="不能建立TLS"):
        sending.connect(settings(there, security=SMTPS), PASSWORD)


def test_a_wrong_password_is_told_and_not_repeated(tmp_path: Path) -> None:
    with running(tmp_path) as there, pytest.raises(MailError, match="拒绝登录：535") as caught:
        sending.connect(settings(there), "wrong-one")
    assert "wrong-one" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_that_echoes_the_password_does_not_bring_it_into_a_message() -> None:
    assert sending.told(535, f"no: {PASSWORD}", PASSWORD) == "535 no: ***"


def test_a_server_that_wants_no_log_in_is_told_of(tmp_path: Path) -> None:
    with running(tmp_path, login=False) as there, pytest.raises(MailError, match="登录方式"):
        sending.connect(settings(there), PASSWORD)


def test_an_authority_that_is_no_file_is_told(tmp_path: Path) -> None:
    with running(tmp_path) as there, pytest.raises(MailError, match="ca_file"):
        sending.connect(settings(there, ca_file=str(tmp_path / "none.pem")), PASSWORD)


def test_nobody_there_may_be_there_later(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        gone = settings(there)
    with pytest.raises(sending.Unreachable, match="连接不上"):
        sending.connect(gone, PASSWORD)


@pytest.mark.parametrize(
    ("command", "answer", "state", "said"),
    [
        ("MAIL", "451 later", sending.TRANSIENT, "451 later"),
        ("MAIL", "553 sender unknown", REFUSED, "553 sender unknown"),
        ("RCPT", "450 greylisted", sending.TRANSIENT, "450 greylisted"),
        ("RCPT", "550 no such user", REFUSED, "550 no such user"),
        ("DATA", "452 disk full", sending.TRANSIENT, "452 disk full"),
        ("DATA", "554 looks like spam", REFUSED, "554 looks like spam"),
        ("DATA", "drop", UNKNOWN, "连接中断"),
        ("DATA", "take-and-drop", UNKNOWN, "不知道是否已送达"),
        ("DATA", "hang", UNKNOWN, "不知道是否已送达"),
    ],
)
def test_what_a_server_says_decides(tmp_path: Path, command: str, answer: str, state: str, said: str) -> None:
    with running(tmp_path) as there:
        there.keeper.answers[command] = [answer]
        found, told = attempt(there, timeout=1)
    assert found == state
    assert said in told
    assert len(there.keeper.received) == (answer == "take-and-drop")


def test_a_session_serves_again_after_a_refusal(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        there.keeper.answers["RCPT"] = ["550 no"]
        session = sending.connect(settings(there), PASSWORD)
        assert sending.hand_over(session, SENDER, TO, RAW)[0] == REFUSED
        assert sending.hand_over(session, SENDER, TO, RAW)[0] == SENT
        sending.quit_(session)


def test_a_connection_lost_before_the_text_may_be_tried_again(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        session = sending.connect(settings(there), PASSWORD)
        session.sock.shutdown(socket.SHUT_RDWR)
        state, _ = sending.hand_over(session, SENDER, TO, RAW)
    assert state == sending.TRANSIENT
    assert not sending.alive(session)


def test_old_encryption_is_not_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    seen = []
    real = smtplib.SMTP.starttls
    monkeypatch.setattr(
        smtplib.SMTP, "starttls", lambda self, *, context: (seen.append(context), real(self, context=context))[1]
    )
    with running(tmp_path) as there:
        attempt(there)
    assert seen[0].minimum_version == ssl.TLSVersion.TLSv1_2
    assert (seen[0].verify_mode, seen[0].check_hostname) == (ssl.CERT_REQUIRED, True)

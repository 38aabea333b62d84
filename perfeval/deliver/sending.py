"""Reports to mailboxes: what is due, each message composed, claimed in the ledger, then handed over.

Never twice: a message goes out only after its row in the ledger was written by this very attempt. Never to the wrong
one: domains that are not allowed are left out, and more messages than the cap are taken for a mistake.

Talking to the mail server: always encrypted, its certificate verified, and never in doubt about what it took.

Until the server has asked for the text (reply 354) nothing can have been delivered: such failures may be tried again.
Between the text's last byte and the reply to it nobody knows: such a failure is unknown.

The password of the mail server: from the environment, a file of the user's own, or the system's store.

It is never a setting, a parameter or an argument, and is told to nobody but the server.
"""

import hashlib
import os
import re
import smtplib
import sqlite3
import ssl
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from perfeval.deliver import sent
from perfeval.deliver.message import Attachment, MailError, Recipient, compose, file_name, masked, message_id
from perfeval.deliver.sent import REFUSED, SENDING, SENT, UNKNOWN, Sent
from perfeval.model.errors import reason
from perfeval.model.mailing import SMTPS, MailSettings, domain_of, same
from perfeval.present.letters import clean, kind_of, letter

TRANSIENT = "again"
"""Outcome of one attempt beside the states of the ledger: the server said 4xx or was not to be reached."""
OK, GO_ON, TEMPORARY, PERMANENT = 250, 354, 400, 500
FORWARDED = 251
SHOWN = 200
"""Characters of what a server says that are passed on."""
_DOT = re.compile(rb"(?m)^\.")


class Unreachable(MailError):
    """The server cannot be reached at the moment; trying again may help."""


def connect(settings: MailSettings, password: str) -> smtplib.SMTP:
    """A session with the server, encrypted and logged in.

    Raises :class:`Unreachable` where waiting may help, else :class:`MailError`: no encryption, a certificate that
    cannot be verified, a log-in that is refused.
    """
    where = f"{settings.host}:{settings.server_port}"
    context = _context(settings)
    own_name = domain_of(settings.sender)  # not this machine's name, which is nobody's business
    smtp: smtplib.SMTP | None = None
    try:
        if settings.security == SMTPS:
            smtp = smtplib.SMTP_SSL(
                settings.host, settings.server_port, own_name, timeout=settings.timeout, context=context
            )
        else:
            smtp = smtplib.SMTP(settings.host, settings.server_port, own_name, timeout=settings.timeout)
            smtp.ehlo()
            if not smtp.has_extn("starttls"):
                raise MailError(f"邮件服务器 {where} 不支持STARTTLS；为免密码和报告明文传送，没有发送")
            smtp.starttls(context=context)
        smtp.ehlo()
        if settings.user:
            smtp.login(settings.user, password)
    except MailError:
        close(smtp)
        raise
    except (OSError, smtplib.SMTPException) as error:
        close(smtp)
        raise _failure(where, error, password) from None  # the cause may quote what was said
    return smtp


def _context(settings: MailSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise MailError(f"［mail］ca_file 不是可用的PEM证书文件：{error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _failure(where: str, error: Exception, password: str) -> MailError:
    """Why there is no session, in Chinese, without the password."""
    if isinstance(error, ssl.SSLError):
        why = getattr(error, "verify_message", "") or error.reason or "对方不是加密端口"
        kind = "的证书不可信" if isinstance(error, ssl.SSLCertVerificationError) else "不能建立TLS 1.2以上的加密连接"
        return MailError(f"邮件服务器 {where} {kind}（{why}），没有发送；单位自签的证书请设［mail］ca_file")
    if isinstance(error, smtplib.SMTPResponseException):
        said = told(error.smtp_code, error.smtp_error, password)
        if TEMPORARY <= error.smtp_code < PERMANENT:
            return Unreachable(f"邮件服务器 {where} 暂不可用：{said}")
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return MailError(f"邮件服务器 {where} 拒绝登录：{said}；请核对［mail］user和密码，企业邮箱多半要用授权码")
        return MailError(f"邮件服务器 {where} 拒绝连接：{said}")
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return MailError(f"邮件服务器 {where} 不提供可用的登录方式（AUTH）；不需要登录的请去掉［mail］user")
    return Unreachable(f"连接不上邮件服务器 {where}：{_network(error, password)}")


def hand_over(smtp: smtplib.SMTP, sender: str, recipient: str, raw: bytes, password: str = "") -> tuple[str, str]:
    """One attempt to deliver ``raw`` (lines end in CRLF): :data:`AGAIN`, sent, refused or unknown, and why.

    A server may repeat in any answer what it was told before: the password is masked in all of them.
    """
    size = (f"size={len(raw)}",) if smtp.has_extn("size") else ()
    steps: tuple[tuple[int, Callable[[], tuple[int, bytes]]], ...] = (
        (OK, lambda: smtp.mail(sender, size)),
        (OK, lambda: smtp.rcpt(recipient)),
        (GO_ON, lambda: smtp.docmd("data")),
    )
    try:
        for wanted, step in steps:
            code, said = step()
            if code not in (wanted, FORWARDED):
                return _not_taken(smtp, code), told(code, said, password)
    except (OSError, smtplib.SMTPException) as error:
        close(smtp)
        return TRANSIENT, _network(error, password)
    try:
        smtp.send(_DOT.sub(b"..", raw) + b".\r\n")
        code, said = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        close(smtp)
        return UNKNOWN, f"正文已开始传送，没有收到服务器的答复（{_network(error, password)}），不知道是否已送达"
    verdicts = {2: SENT, 4: TRANSIENT, 5: REFUSED}
    return verdicts.get(code // 100, UNKNOWN), told(code, said, password)


def _not_taken(smtp: smtplib.SMTP, code: int) -> str:
    """What it means that a step before the text was not answered as wanted; the session is made ready for the next."""
    try:
        smtp.rset()
    except (OSError, smtplib.SMTPException):  # servers may hang up after saying no
        close(smtp)
    return REFUSED if code >= PERMANENT else TRANSIENT


def told(code: int, said: bytes | str, password: str = "") -> str:
    """What a server said, on one line, without the password."""
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return f"{code} {clean(masked(text, password), SHOWN)}".strip()


def close(smtp: smtplib.SMTP | None) -> None:
    """End a session, whatever state it is in."""
    if smtp is not None:
        smtp.close()


def quit_(smtp: smtplib.SMTP) -> None:
    """End a session politely; what was sent is sent, whatever the server makes of the farewell."""
    with suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()


def alive(smtp: smtplib.SMTP) -> bool:
    """Whether the session still has its connection."""
    return smtp.sock is not None


def _network(error: Exception, password: str) -> str:
    if isinstance(error, TimeoutError):
        return "等待超时"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "连接中断"
    return clean(masked(getattr(error, "strerror", None) or str(error), password), SHOWN)


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
        title = kind_of(self.report).title
        when = f"{self.period}年度" if self.period.isdecimal() else f"{self.period}年"
        name = file_name(f"{self.figures.get('name') or self.subject}{when}{title}")
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
    session, last = connect(settings, password), None
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
        quit_(session)
    return results


def _deliver(
    session: smtplib.SMTP, each: Parcel, settings: MailSettings, password: str, sleep: Callable[[float], None]
) -> tuple[smtplib.SMTP, str, str]:
    """Hand one parcel over, trying again where that is safe: the session, the state of the ledger, and why."""
    state, detail = TRANSIENT, ""
    for wait in (*WAITS, None):
        try:
            session = session if alive(session) else connect(settings, password)
            state, detail = hand_over(session, settings.sender, each.to.address, each.raw, password)
        except Unreachable as error:  # no session: nothing was handed over
            state, detail = TRANSIENT, str(error)
        except MailError as error:
            state, detail = REFUSED, str(error)
        if state != TRANSIENT:
            return session, state, detail
        if wait is not None:
            sleep(wait)
    return session, REFUSED, f"试了{len(WAITS) + 1}次，服务器暂不接收：{detail}"


VARIABLE = "PERFEVAL_SMTP_PASSWORD"
SERVICE = "perfeval"
"""Under which the system's store keeps it; the user's name is the one of the settings."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def password(settings: MailSettings, environment: Mapping[str, str]) -> str:
    """The password to log in with; empty where no user is set.

    Raises :class:`MailError` where there is none, saying where to put it, and for a file that others may read.
    """
    if not settings.user:
        return ""
    found = environment.get(VARIABLE) or _from_file(settings.password_file) or _from_store(settings.user)
    if not found:
        raise MailError(
            f"没有邮箱密码：请设环境变量 {VARIABLE}，或在［mail］password_file 指明密码文件（仅本人可读），"
            f"或安装 keyring 扩展后运行 python -m keyring set {SERVICE} {settings.user}"
        )
    if not (found.isascii() and found.isprintable()):  # smtplib would put it into its error
        raise MailError("邮箱密码只能用英文字母、数字和符号；请核对，或在邮箱里另设密码（授权码）")
    return found


def _from_file(name: str) -> str:
    """The one line of the password file; empty where none is set."""
    if not name:
        return ""
    path = Path(name)
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error)[0] if isinstance(error, OSError) else "不是UTF-8文本"
        raise MailError(f"密码文件 {path.name} 不能读：{why}") from error
    if os.name == "posix" and mode & OTHERS:
        raise MailError(f"密码文件 {path.name} 其他用户也能读写，没有使用；请运行 chmod 600 后再试")
    if not text or "\n" in text:
        raise MailError(f"密码文件 {path.name} 应只有一行密码")
    return text


def _from_store(user: str) -> str:
    """From the system's store, where the extra is installed; empty where there is none."""
    if find_spec("keyring") is None:
        return ""
    keyring = import_module("keyring")
    try:
        return keyring.get_password(SERVICE, user) or ""
    except keyring.errors.KeyringError as error:
        sys.stderr.write(f"系统的密码库不能用（{type(error).__name__}），没有从中取密码\n")
        return ""

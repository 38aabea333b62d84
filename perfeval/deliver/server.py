"""Talking to the mail server: always encrypted, its certificate verified, and never in doubt about what it took.

Until the server has asked for the text (reply 354) nothing can have been delivered: such failures may be tried again.
Between the text's last byte and the reply to it nobody knows: such a failure is unknown.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress

from perfeval.deliver.masking import masked
from perfeval.deliver.message import MailError
from perfeval.deliver.sent import REFUSED, SENT, UNKNOWN
from perfeval.model.addresses import domain_of
from perfeval.model.mailing import SMTPS, MailSettings
from perfeval.present.letters import clean

AGAIN = "again"
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
        what = "拒绝登录" if isinstance(error, smtplib.SMTPAuthenticationError) else "拒绝连接"
        return MailError(f"邮件服务器 {where} {what}：{said}")
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
        return AGAIN, _network(error, password)
    try:
        smtp.send(_DOT.sub(b"..", raw) + b".\r\n")
        code, said = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        close(smtp)
        return UNKNOWN, f"正文已开始传送，没有收到服务器的答复（{_network(error, password)}），不知道是否已送达"
    verdicts = {2: SENT, 4: AGAIN, 5: REFUSED}
    return verdicts.get(code // 100, UNKNOWN), told(code, said, password)


def _not_taken(smtp: smtplib.SMTP, code: int) -> str:
    """What it means that a step before the text was not answered as wanted; the session is made ready for the next."""
    try:
        smtp.rset()
    except (OSError, smtplib.SMTPException):  # servers may hang up after saying no
        close(smtp)
    return REFUSED if code >= PERMANENT else AGAIN


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

# ruff: noqa: ARG001, ARG002, N802  # aiosmtpd calls these by name and position
"""A real mail server for the tests: aiosmtpd in a thread, with TLS, AUTH and the bad habits of real ones."""

import asyncio
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as RULES
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "robot", "s3cr3t.zQ7-pass"
SENDER = "robot@office.example.cn"


@dataclass
class Keeper:
    """What the server was handed, and how it is to answer: ``answers`` to commands, first come first served."""

    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    """By ``MAIL``, ``RCPT`` or ``DATA``: replies to give instead of the right one. ``hang``: none; ``drop``: hang up;
    ``take-and-drop``: keep the message, then hang up."""
    logins: int = 0
    refusal: str = ""
    """The answer to a log-in, instead of the right one."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, command: str) -> str:
        with self.lock:
            waiting = self.answers.get(command, [])
            return waiting.pop(0) if waiting else ""

    @property
    def messages(self) -> list[EmailMessage]:
        return [BytesParser(policy=RULES).parsebytes(raw) for raw in self.received]

    async def handle_MAIL(self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]):
        envelope.mail_from = address
        return self.answer("MAIL") or "250 OK"

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]):
        said = self.answer("RCPT")
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope):
        said = self.answer("DATA")
        if said in ("", "take-and-drop"):
            with self.lock:
                self.received.append(envelope.content)
                self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if said == "hang":
            await asyncio.sleep(30)
        if said in ("drop", "take-and-drop"):
            server.transport.abort()
            return "421 gone"
        return said or "250 2.0.0 taken"


@dataclass(frozen=True)
class Running:
    keeper: Keeper
    host: str
    port: int
    ca_file: Path


@contextmanager
def running(
    folder: Path, *, smtps: bool = False, tls: bool = True, login: bool = True, name: str = "localhost"
) -> Iterator[Running]:
    """A server on a free port of this machine; its authority's certificate is written into ``folder``."""
    authority = trustme.CA()
    ca_file = folder / "authority.pem"
    authority.cert_pem.write_to_path(ca_file)
    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)
    keeper = Keeper()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        keeper.logins += 1
        if keeper.refusal:
            return AuthResult(success=False, handled=False, message=keeper.refusal)
        right = data.login.decode() == USER and data.password.decode() == PASSWORD
        return AuthResult(success=right, handled=False)

    wants_login = login and tls

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it does not know that SMTPS is encrypted from the start
            return SMTP(
                keeper,
                hostname="mail.example.cn",
                tls_context=None if smtps else context,
                require_starttls=tls and not smtps,
                authenticator=authenticate if wants_login else None,
                auth_required=wants_login,
                auth_exclude_mechanism=None if wants_login else ["PLAIN", "LOGIN"],
                auth_require_tls=not smtps,
                loop=loop,
            )

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()
    opening = loop.create_server(session, "127.0.0.1", 0, ssl=context if smtps else None)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(10)
    try:
        yield Running(keeper, "localhost", server.sockets[0].getsockname()[1], ca_file)
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    """Close the server and whatever sessions are left."""
    server.close()
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)

"""A letter as a message: plain text, HTML with one image inside, attachments; the same bytes for the same letter.

Headers are set through :mod:`email`, which refuses line breaks, from texts that were cleaned (``letters.clean``) and
addresses that were read by the one grammar there is.

Who gets a report: chosen from the table of recipients by office, role and day.

The password out of what a mail server says: in whatever form the server repeats it, nobody gets to see it.
"""

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote, quote_plus

import css_inline
import pandas as pd

from perfeval.model.errors import PerfevalError, nearest
from perfeval.model.mailing import MailSettings, domain_of, read_address, same
from perfeval.present import letterpage
from perfeval.present.letters import LONGEST_NAME, Letter, clean
from perfeval.present.png import chart_png


@dataclass(frozen=True, slots=True)
class Recipient:
    """One mailbox."""

    name: str
    """Empty where the table has none."""
    role: str
    address: str


def recipients(table: pd.DataFrame, office: str, on: str, roles: Collection[str] = ()) -> list[Recipient]:
    """Those who get the reports of ``office`` (a sub-district's id or a district's name) on a day (ISO text).

    Takes the columns of :data:`~perfeval.model.schema.RECIPIENTS`; only of these ``roles`` where some are given. A
    mailbox listed twice is there once. Raises :class:`PerfevalError` for a role nobody in the table has.
    """
    known = set(table["role"])
    for role in roles:
        if role not in known:
            raise PerfevalError(f"收件人表里没有角色“{role}”{nearest(role, known)}")
    begun = table["from"].eq("") | (table["from"] <= on)
    going_on = table["to"].eq("") | (table["to"] >= on)
    wanted = table["role"].isin(list(roles)) if roles else table["role"].ne("")
    rows = table[table["subdistrict"].eq(office) & begun & going_on & wanted]
    found: dict[str, Recipient] = {}
    for name, role, address in zip(rows["name"], rows["role"], rows["address"], strict=True):
        found.setdefault(same(address), Recipient(str(name), str(role), str(address)))
    return list(found.values())


MOST = 95_000
"""Bytes of the HTML body: Gmail cuts off what is beyond 102 KB, and with it the end of the report's list."""
CHART_DPI = 144
"""Twice the natural size: sharp on a phone."""
NOWHERE = "perfeval.invalid"
"""Domain of message ids as long as there is no sender (RFC 2606)."""
_CLASS = re.compile(r' class="[a-z]+"')
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]')


class MailError(PerfevalError):
    """Mail cannot be written or sent; the text says why."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    ascii_name: str
    content: bytes
    kind: str
    """Media type."""

    def shown(self, settings: MailSettings) -> str:
        """Its name under these settings."""
        return self.ascii_name if settings.ascii_names else self.name


def file_name(text: str) -> str:
    """Text as a file's name that is legal everywhere."""
    return _UNSAFE.sub("_", clean(text, LONGEST_NAME)).strip(". ") or "report"


def message_id(run_key: str, address: str, sender: str) -> str:
    """The id of the message that brings a report to a mailbox: the same whenever it is composed."""
    return f"<{_hash(run_key, address)}@{domain_of(sender) or NOWHERE}>"


def compose(
    letter: Letter,
    to: Recipient,
    settings: MailSettings,
    attachments: Sequence[Attachment],
    *,
    when: datetime,
    own_id: str,
    references: Sequence[str] = (),
) -> EmailMessage:
    """The message that brings ``letter`` to ``to``; ``references`` are the ids of those it corrects.

    Raises :class:`MailError` for an address that is none and for a letter that would be cut off.
    """
    message = EmailMessage(policy=SMTP)
    if settings.sender:
        message["From"] = _address(settings.sender_name, settings.sender)
    message["To"] = _address(to.name, to.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(when)
    message["Message-ID"] = own_id
    if references:
        message["In-Reply-To"] = references[-1]
        message["References"] = " ".join(references)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange, which does not read the line above
    names = [attachment.shown(settings) for attachment in attachments]
    image = f"chart.{_hash(own_id)}@{NOWHERE}"
    message.set_content(letterpage.as_text(letter, names), cte="base64")
    message.add_alternative(body(letter, names, image), subtype="html", cte="base64")
    if letter.chart:
        drawn = chart_png(letter.chart, CHART_DPI)
        page = message.get_payload()[1]  # type: ignore[index]  # the alternative just added
        page.add_related(drawn, "image", "png", cid=f"<{image}>", filename="chart.png", disposition="inline")  # type: ignore[union-attr]
    for attachment, name in zip(attachments, names, strict=True):
        main, _, sub = attachment.kind.partition("/")
        message.add_attachment(attachment.content, main, sub, filename=name)
    _fix_boundaries(message, own_id)
    return message


def body(letter: Letter, names: Sequence[str], image: str) -> str:
    """The HTML body with every style inside its tag and no style sheet left; :class:`MailError` beyond :data:`MOST`."""
    inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
    text = _CLASS.sub("", inliner.inline(letterpage.page(letter, names, image)))
    if len(text.encode()) > MOST:
        raise MailError(f"邮件正文有{len(text.encode()):,}字节，超过{MOST:,}字节，收件人会看不全：{letter.subject}")
    return text


def _address(name: str, address: str) -> Address:
    """A mailbox for a header; whatever its name holds is only a name."""
    found, why = read_address(address)
    if not found:
        raise MailError(f"不是邮箱地址：“{clean(address)}”（{why}）")
    user, _, domain = found.rpartition("@")
    return Address("" if not name.strip() else clean(name, LONGEST_NAME), user, domain)


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Boundaries are otherwise drawn by lot."""
    for place, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{_hash(seed, str(place))}")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


MASK = "***"
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")


def masked(text: str, password: str) -> str:
    """The text without the password: plain, quoted, in hexadecimal, or anywhere inside base64 (``AUTH PLAIN``)."""
    if not password:
        return text
    forms = {
        password,
        repr(password)[1:-1],
        quote(password, safe=""),
        quote_plus(password),
        html.escape(password),
        password.encode().hex(),
        base64.b64encode(password.encode()).decode().rstrip("="),
    }
    text = _ENCODED.sub(lambda found: MASK if _holds(found[0], password) else found[0], text)
    for form in sorted(forms, key=len, reverse=True):
        text = re.sub(re.escape(form), MASK, text, flags=re.IGNORECASE)
    return text


def _holds(word: str, password: str) -> bool:
    """Whether a word is base64 of something with the password in it."""
    plain = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        inside = base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return False
    return password.encode() in inside

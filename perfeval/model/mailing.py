"""The settings of the mail: section ``[mail]`` of perfeval.toml. The password is not among them.

The grammar of mail addresses: what may become an envelope address or a header, and nothing else.

Narrower than RFC 5321 on purpose: no quoted local parts, no routes (``a%b@c``, ``a!b@c``), no address literals, no
SMTPUTF8. A domain in another script is taken in its ASCII form (IDNA): a list of allowed domains then has one meaning.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

LOCAL = re.compile(r"[A-Za-z0-9_'+=&~-]+(\.[A-Za-z0-9_'+=&~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST, LONGEST_LOCAL = 254, 64
"""Octets of an address and of its part before the @ (RFC 5321 4.5.3.1)."""


def read_address(text: str) -> tuple[str, str]:
    """The address with its domain in lower-case ASCII, or ``""`` and the Chinese reason why it is none.

    >>> read_address("Zhang.San@Example.gov.cn"), read_address("财政@例子.cn")[0], read_address("a@政务.cn")[0]
    (('Zhang.San@example.gov.cn', ''), '', 'a@xn--zfr164b.cn')
    """
    written = text.strip()
    if any(ord(mark) < ord(" ") or ord(mark) == 127 or mark in "\x85\u2028\u2029" for mark in written):  # noqa: PLR2004  # DEL
        return "", "含换行或控制字符"
    local, at, host = written.rpartition("@")
    if not at:
        return "", "应为邮箱地址，如zhangsan@example.gov.cn"
    if not LOCAL.fullmatch(local):
        return "", "@之前只能是字母、数字和._'+=&~-，一格只写一个地址，不写姓名和尖括号"
    domain = read_domain(host)
    if not domain:
        return "", "@之后不是有效的域名"
    if len(local) > LONGEST_LOCAL or len(local) + 1 + len(domain) > LONGEST:
        return "", f"地址过长（@之前最多{LONGEST_LOCAL}个字符，全长最多{LONGEST}个）"
    return f"{local}@{domain}", ""


def read_domain(text: str) -> str:
    """A domain of at least two labels in lower-case ASCII; empty where it is none.

    >>> read_domain("Example.GOV.cn"), read_domain("localhost"), read_domain("10.0.0.1")
    ('example.gov.cn', '', '')
    """
    try:
        domain = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = domain.split(".")
    fits = len(labels) > 1 and all(map(LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    return domain if fits else ""


def domain_of(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2]


def same(address: str) -> str:
    """What two spellings of one mailbox have in common: mail programs and servers do not tell upper case apart.

    >>> same("Zhang@example.cn") == same("zhang@example.cn")
    True
    """
    return address.lower()


STARTTLS, SMTPS = "starttls", "smtps"
SECURITY = (STARTTLS, SMTPS)
"""There is no third: a password and a report never go over an open line."""
PORTS = {STARTTLS: 587, SMTPS: 465}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail is sent; without ``host`` there is no server, and only files are written."""

    host: str = ""
    port: int = 0
    """0: the usual one of ``security``."""
    security: str = STARTTLS
    user: str = ""
    """Name to log in with; empty where the server wants none."""
    password_file: str = ""
    """File that holds the password and nothing else; relative to perfeval.toml."""
    ca_file: str = ""
    """Certificates (PEM) of the authority that signs the server's, where it is the organisation's own."""
    sender: str = ""
    sender_name: str = ""
    domains: tuple[str, ...] = ()
    """Domains mail may go to, no others; their sub-domains are not among them."""
    cap: int = 50
    """Messages of one run at most: more than that is taken for a mistake, and none is sent."""
    per_minute: int = 20
    timeout: int = 60
    """Seconds the server may keep silent."""
    ascii_names: bool = False
    """Attachment names in ASCII, for mail programs that cannot read Chinese ones."""
    pdf: bool = True
    """Attach the report as PDF too, where a browser is found."""

    @property
    def server_port(self) -> int:
        """The port to connect to."""
        return self.port or PORTS[self.security]

    def allows(self, domain: str) -> bool:
        """Whether mail may go to this domain."""
        return domain in self.domains


KINDS: dict[str, type] = {field.name: type(field.default) for field in fields(MailSettings)}
TITLES = {str: "文字", int: "整数", bool: "true或false", tuple: "列表"}
FILES = ("password_file", "ca_file")
LEAST = {"port": 0, "cap": 1, "per_minute": 1, "timeout": 1}
MOST = {"port": 65_535, "cap": 10_000, "per_minute": 6_000, "timeout": 3_600}


def wrong(key: str, value: Any) -> str:
    """What is wrong with the value of a known setting; empty where nothing is."""
    kind = KINDS[key]
    fits = isinstance(value, list if kind is tuple else kind) and not (kind is int and isinstance(value, bool))
    if not fits:
        return f"须是{TITLES[kind]}，现为“{value}”"
    if kind is str and not value.isprintable():
        return "含换行或控制字符"
    if kind is int and not LEAST[key] <= value <= MOST[key]:
        return f"须在{LEAST[key]}和{MOST[key]}之间，现为“{value}”"
    return _meaning(key, value)


def _meaning(key: str, value: Any) -> str:
    if key == "security" and value not in SECURITY:
        return f"须是{'或'.join(SECURITY)}（不支持不加密的连接），现为“{value}”"
    if key in ("host", "user") and not value.isascii():
        return f"只能用英文字母、数字和符号，现为“{value}”"
    if key == "domains":
        bad = [name for name in value if not (isinstance(name, str) and read_domain(name))]
        return f'须是域名的列表，如["example.gov.cn"]，现有“{bad[0]}”' if bad else ""
    why = read_address(value)[1] if key == "sender" and value else ""
    return f"须是邮箱地址（{why}），现为“{value}”" if why else ""


def missing(table: Mapping[str, Any]) -> Iterator[str]:
    """What a server needs beside its name."""
    if table.get("host"):
        if not table.get("sender"):
            yield "设置了host，还须设置sender（发件邮箱）"
        if not table.get("domains"):
            yield "设置了host，还须设置domains（允许发往的域名），以免误发到单位之外"


def settings(table: Mapping[str, Any], root: Path) -> MailSettings:
    """The settings of a table that has nothing wrong; files are taken from ``root``."""
    given = dict(table)
    if "domains" in given:
        given["domains"] = tuple(read_domain(name) for name in given["domains"])
    if given.get("sender"):
        given["sender"] = read_address(given["sender"])[0]
    for key in FILES:
        if given.get(key):
            given[key] = str(root / given[key])
    return MailSettings(**given)

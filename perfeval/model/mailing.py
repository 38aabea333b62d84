"""The settings of the mail: section ``[mail]`` of perfeval.toml. The password is not among them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from perfeval.model.addresses import read_address, read_domain

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

"""The grammar of mail addresses: what may become an envelope address or a header, and nothing else.

Narrower than RFC 5321 on purpose: no quoted local parts, no routes (``a%b@c``, ``a!b@c``), no address literals, no
SMTPUTF8. A domain in another script is taken in its ASCII form (IDNA): a list of allowed domains then has one meaning.
"""

import re

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

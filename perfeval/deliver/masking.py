"""The password out of what a mail server says: in whatever form the server repeats it, nobody gets to see it."""

import base64
import binascii
import html
import re
from urllib.parse import quote, quote_plus

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

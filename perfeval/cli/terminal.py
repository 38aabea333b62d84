"""The terminal: whatever the data hold, it gets text and never orders; and a reader that leaves is no failure."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from perfeval.model.errors import PerfevalError

PICTURES = {sign: 0x2400 + sign for sign in range(32) if chr(sign) not in "\n\t"} | {0x7F: 0x2421}
"""Control characters → the signs that picture them (``␛``); line ends and tabs are our own layout."""
NAMED = (
    *range(0x80, 0xA0),  # C1: some terminals obey them like escape sequences
    0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # directions: they turn other text around
    0x2028, 0x2029,
)  # fmt: skip
"""Characters without such a sign, shown as ``⟨U+202E⟩``."""
SIGNS: dict[int, int | str] = {
    **PICTURES,
    **{sign: f"⟨U+{sign:04X}⟩" for sign in NAMED},
    **{sign: f"⟨0x{sign - 0xDC00:02X}⟩" for sign in range(0xDC80, 0xDD00)},  # bytes that are no UTF-8
    **{sign: f"⟨U+{sign:04X}⟩" for sign in (*range(0xD800, 0xDC80), *range(0xDD00, 0xE000))},
}
ESCAPES: dict[int, int | str] = {sign: f"\\u{sign:04x}" for sign in SIGNS if sign >= 0x20}  # noqa: PLR2004  # JSON has escaped the rest

BAR = "{desc} {n_fmt}/{total_fmt}{unit} |{bar}| 已用{elapsed} 约剩{remaining}"
"""How every progress bar tells how far it is."""
MOST_LOG_BYTES = 10_000_000
"""A log that has grown beyond this is set aside, and the one set aside before is dropped."""


def visible(text: str) -> str:
    """The text with every control character as a sign that can be seen."""
    return text if text.isascii() and text.isprintable() else text.translate(SIGNS)


def escaped(text: str) -> str:
    """JSON with these characters escaped: the same value, and harmless on a terminal."""
    return text.translate(ESCAPES)


class Terminal(TextIOWrapper):
    """A stream for people, through which no control character passes."""

    if sys.platform == "win32":
        buffer = None  # type: ignore[assignment]  # click would write to the console past this

    def write(self, text: str) -> int:
        """Write the text as it can be seen; its length as given."""
        super().write(visible(text))
        return len(text)


class Frames:
    """The same stream for what draws on it, such as a progress bar, in words of our own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text as it is."""
        return (
            TextIOWrapper.write(self._stream, text) if isinstance(self._stream, Terminal) else self._stream.write(text)
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def terminal() -> Iterator[None]:
    """Standard output and error as :class:`Terminal`; what is left in them is written at the end."""
    before = sys.stdout, sys.stderr
    ours = sys.stdout, sys.stderr = [_made(stream) for stream in before]
    try:
        yield
    finally:
        for stream, old in zip(ours, before, strict=True):
            if isinstance(stream, Terminal):
                _leave(stream, old)
        sys.stdout, sys.stderr = before


def _made(stream: Any) -> Any:
    """A terminal over a stream's bytes; another kind of stream (a test's, a notebook's) as it is."""
    if not isinstance(stream, TextIOWrapper) or isinstance(stream, Terminal):
        return stream
    stream.flush()
    narrow = stream.encoding.lower().replace("-", "") in {"ascii", "usascii", "ansix3.41968"}
    # A console that cannot show every character (GBK) shows ? for some; one that was set to ASCII could show none.
    return Terminal(
        stream.buffer,
        "utf-8" if narrow else stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _leave(stream: Terminal, old: Any) -> None:
    """Write what is left and let go of the bytes below, which are the old stream's."""
    try:
        stream.flush()
    except (BrokenPipeError, ValueError):  # whoever read has left; nobody is to be told
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, old.fileno())
            os.close(nowhere)
    with suppress(OSError, ValueError):
        stream.detach()


def write_to(log: Path) -> None:
    """From now on append all that this process writes, and its children write, to a file."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.is_file() and log.stat().st_size > MOST_LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
        target = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        raise PerfevalError(f"日志 {log.name} 不能写：{error}") from error
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        stream.flush()
        os.dup2(target, number)
    os.close(target)

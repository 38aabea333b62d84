"""How a help page is set: by the width that signs have on a terminal, where a Chinese one takes two columns."""

import re
from collections.abc import Iterable, Iterator

import click

FIRST_WIDE = "\u2e80"
"""Signs from here on take two columns."""
PIECE = re.compile(r"[（“［《【]*(?:[!-~]+|[^\s（“［《【])[，。；：、）”］》】？！…]*|\S")
"""What is not cut at the end of a line: a Latin word, or a Chinese sign with the punctuation that belongs to it."""
FIRST_COLUMN = 34
"""Columns that options take at most; the words beside a longer one begin on the next line."""
LEAST = 20
"""Columns that words have at least, however narrow the terminal."""
_RANGES = (
    (re.compile(r"\s*\[x>=(\S+)\]"), r"（不小于\1）"),
    (re.compile(r"\s*\[x<=(\S+)\]"), r"（不大于\1）"),
    (re.compile(r"\s*\[(\S+)<=x<=(\S+)\]"), r"（\1—\2）"),
)


def width(text: str) -> int:
    """The columns that a text takes.

    >>> width("run 报告")
    8
    """
    return sum(2 if sign >= FIRST_WIDE else 1 for sign in text)


def wrapped(text: str, columns: int) -> list[str]:
    """A text in lines of at most so many columns, cut between words and between Chinese signs.

    >>> wrapped("生成报告：执行 notebooks", 10)
    ['生成报告：', '执行', 'notebooks']
    """
    lines, line = [], ""
    for at in re.finditer(rf"\s*(?:{PIECE.pattern})", text):
        piece = at[0]
        if line and width(line + piece) > columns:
            lines.append(line)
            line = piece.lstrip()
        else:
            line += piece if line else piece.lstrip()
    return [*lines, line] if line else lines


def ranges(text: str) -> str:
    """click's ranges in words.

    >>> ranges("端口  [1<=x<=65535]"), ranges("分钟  [x>=0]")
    ('端口（1—65535）', '分钟（不小于0）')
    """
    for pattern, words in _RANGES:
        text = pattern.sub(words, text)
    return text


class HelpPage(click.HelpFormatter):
    """click's formatter, with Chinese colons and columns that stand below one another."""

    def write_heading(self, heading: str) -> None:
        """``选项：``"""
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """``用法：perfeval run [选项]``"""
        self.write(f"{prefix}{prog} {args}".rstrip() + "\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, indented."""
        indent = " " * self.current_indent
        for paragraph in text.split("\n\n"):
            lines = wrapped(" ".join(paragraph.split()), self.width - self.current_indent)
            self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = FIRST_COLUMN, col_spacing: int = 2) -> None:
        """Options or commands, and the words about each beside it."""
        listed = list(rows)
        first = min(max((width(term) for term, _ in listed), default=0), col_max) + col_spacing
        for term, words in listed:
            self.write("".join(f"{' ' * self.current_indent}{line}\n" for line in self._beside(term, words, first)))

    def _beside(self, term: str, words: str, first: int) -> Iterator[str]:
        lines = wrapped(words, max(self.width - self.current_indent - first, LEAST))
        room = first - width(term)
        if room < 1 or not lines:
            yield term
        else:
            yield f"{term}{' ' * room}{lines.pop(0)}"
        yield from (f"{' ' * first}{line}" for line in lines)


class HelpContext(click.Context):
    """A command's context, whose help is set so."""

    formatter_class = HelpPage

"""The problems the ingest layer reports: each code with its title, meaning and advice, from ``problems.toml``."""

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from perfeval.model.errors import SEVERITIES, Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem, as documentation lists it."""

    code: str
    """``E`` 错误, ``W`` 警告 or ``N`` 提示, and three digits."""
    title: str
    meaning: str
    advice: str

    @property
    def severity(self) -> str:
        """错误, 警告 or 提示, by the code's first letter."""
        return dict(zip("EWN", SEVERITIES, strict=True))[self.code[0]]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of problem by its code, in the order of the file."""
    text = resources.files(__package__).joinpath("problems.toml").read_text(encoding="utf-8")
    return {code: Kind(code, **entry) for code, entry in tomllib.loads(text).items()}


def problem(
    code: str,
    message: str,
    *,
    file: str,
    row: int | None = None,
    column: str = "",
    value: object = "",
    advice: str = "",
    sheet: str = "",
) -> Problem:
    """A problem of a known kind; ``KeyError`` for a code that is not in the table."""
    kind = kinds()[code]
    return Problem(
        code,
        message,
        advice or kind.advice,
        kind.severity,
        file=file,
        sheet=sheet,
        row=row,
        column=column,
        value=_shown(str(value)),
    )


def alike(problems: Iterable[Problem]) -> list[list[Problem]]:
    """The problems that say the same of several places together, errors first."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for one in sorted(problems, key=lambda one: SEVERITIES.index(one.severity)):
        groups.setdefault((one.severity, one.code, one.message, one.advice), []).append(one)
    return list(groups.values())


LONGEST = 40
"""Characters of a value that a message shows."""
MOST = 12
"""Rows that a message lists."""


def _shown(value: str) -> str:
    """The value on one line, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def rows_text(rows: Iterable[int]) -> str:
    """Spreadsheet rows for a message: ``第2、3、4行``, cut where they are many."""
    listed = [str(row) for row in rows]
    return f"第{'、'.join(listed[:MOST])}{'…' if len(listed) > MOST else ''}行"


def closest(name: str, names: Iterable[str]) -> str:
    """The one of ``names`` that a slip of the pen would turn into ``name``, or the empty string."""
    return next(iter(difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.6)), "")

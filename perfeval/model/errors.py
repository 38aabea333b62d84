"""The family of errors perfeval raises, and the problems it lists.

A problem says where it is, what stands there, what was expected and what to do; an error carries all problems at once.
Users read these texts, so they are Chinese.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

LISTED = 12
"""How many names a hint lists at most."""

CLOSE = 0.5
"""How alike two names must be for a hint (difflib's ratio): of two characters, one may be wrong."""

WORDS = (".docx", ".doc", ".wps")
"""Files whose tables have numbered columns, and whose text has paragraphs, not lines."""
LETTERS = re.compile("[A-Z]{1,3}")

ERROR, WARNING, NOTE = "错误", "警告", "提示"
SEVERITIES = (ERROR, WARNING, NOTE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a user's data."""

    code: str
    """Stable code, e.g. ``E101``; the first letter follows the severity (E, W, N)."""
    message: str
    """What is wrong and what was expected."""
    advice: str = ""
    """What to do about it."""
    severity: str = ERROR
    file: str = ""
    """As the user named it, never made absolute."""
    sheet: str = ""
    row: int | None = None
    """Row as a spreadsheet shows it; the heading is row 1."""
    column: str = ""
    value: str = ""

    @property
    def place(self) -> str:
        """``data/…/budget.csv 第3行“executed（执行数）”``; of a Word document ``［表1］ 第3行第4列`` and ``第12段``."""
        sheet = f"［{self.sheet}］" if self.sheet else ""
        words = self.file.lower().endswith(WORDS)
        row = f" 第{self.row}{'段' if words and not self.sheet else '行'}" if self.row is not None else ""
        column = f" 列“{self.column}”" if self.column else ""
        if words and LETTERS.fullmatch(self.column):
            number = reduce(lambda before, sign: 26 * before + ord(sign) - ord("A") + 1, self.column, 0)
            column = f"第{number}列"
        return f"{self.file}{sheet}{row}{column}".strip()

    def __str__(self) -> str:
        value = f" 值“{self.value}”" if self.value else ""
        place = f"{self.place}{value}：" if self.place or value else ""
        advice = f" → {self.advice}" if self.advice else ""
        return f"{self.severity} {self.code} {place}{self.message}{advice}"


class PerfevalError(Exception):
    """Anything perfeval tells its user cannot be done; the text is Chinese and complete.

    Where several things are to be mended, its first line says in what, and each further line is one of them.
    """

    @property
    def faults(self) -> tuple[str, ...]:
        """What is to be mended, one by one."""
        first, *listed = str(self).splitlines() or [""]
        return tuple(line.strip() for line in listed) or (first,)


class DataError(PerfevalError):
    """A document or table cannot be used as it is; ``problems`` lists everything found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = sum(problem.severity == ERROR for problem in self.problems)
        super().__init__(f"数据有{errors}处错误，须先改正：\n" + "\n".join(f"  {problem}" for problem in self.problems))

    def __reduce__(self) -> tuple[type["DataError"], tuple[tuple[Problem, ...]]]:
        """As it was made: a process at work hands it to the one that asked."""
        return type(self), (self.problems,)


class NotOnFile(PerfevalError):
    """A sub-district, year or report that was asked for is not there."""


class RuleSetError(PerfevalError):
    """A rule set is unknown or its file is wrong."""


class ParameterError(PerfevalError):
    """Parameters do not fit the notebook's parameters cell; raised before a kernel starts."""


class FontError(PerfevalError):
    """The font of the charts is missing: the installation is broken. (A missing glyph stops nothing.)"""


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint naming the closest valid names: ``，是否指“ronghua”？`` or, where none is close, the list of them."""
    known = sorted(map(str, names))
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=CLOSE)
    if close:
        return f"，是否指“{close[0]}”？"
    return f"，可用的有：{'、'.join(known[:LISTED])}{'…' if len(known) > LISTED else ''}" if known else ""

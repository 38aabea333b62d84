"""The family of errors perfeval raises, and the problems it lists.

A problem says where it is, what stands there, what was expected and what to do; an error carries all problems at once.
Users read these texts, so they are Chinese.

What the operating system refused, in one Chinese sentence: which path, why, and the way out.

A full disk is named only where the system says that it is full.
"""

import difflib
import errno
import linecache
import os
import re
import shlex
import sysconfig
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path, PurePosixPath

LISTED = 12
"""How many names a hint lists at most."""
SHOWN = 2
"""How many errors of an office its line quotes; ``perfeval check`` lists them all."""

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
        first, *lines = str(self).splitlines() or [""]
        return tuple(line.strip() for line in lines) or (ONE_FAULT.sub("", first),)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the sentence, and the lines of the user's own that led here, not ours."""
        name, reset = f"\x1b[31m{type(self).__name__}\x1b[0m", "\x1b[0m"
        own = [frame for frame in traceback.extract_tb(self.__traceback__) if not _is_library(frame.filename)]
        called = [line for frame in own for line in _around(frame.filename, frame.lineno or 0, "\x1b[32m", reset)]
        return [f"{name}：{self}", *called]


AROUND = 2
"""Lines that are shown before and after the one that led to an error."""
_LIBRARIES = tuple(
    {str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "purelib", "platlib")}
    | {str(Path(__file__).resolve().parents[1])}
)


def _is_library(file: str) -> bool:
    """Whether a line of code is not the user's: of Python, of a package, or of perfeval."""
    return file.startswith("<frozen") or str(Path(file).resolve()).startswith(_LIBRARIES)


def _around(file: str, number: int, colour: str, reset: str) -> list[str]:
    """A line of the user's code with those about it, marked; nothing where its text is not known."""
    lines = linecache.getlines(file)
    if not 0 < number <= len(lines):
        return []
    where = f"{Path(file).name} " if Path(file).is_file() and not _is_cell(file) else "本单元格"
    shown = [f"{where}第{number}行："]
    for place in range(max(1, number - AROUND), min(len(lines), number + AROUND) + 1):
        mark = f"{colour}----> {place:<3}{reset}" if place == number else f"      {place:<3}"
        shown.append(f"{mark} {lines[place - 1].rstrip()}")
    return shown


def _is_cell(file: str) -> bool:
    """Whether code comes from a notebook's cell, which IPython names after a file of its own."""
    return "ipykernel_" in file or file.startswith("<")


class DataError(PerfevalError):
    """A document or table cannot be used as it is; ``problems`` lists everything found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == ERROR]
        super().__init__(listed(f"数据有{len(errors)}处错误，须先改正", map(str, errors)))

    def __reduce__(self) -> tuple[type["DataError"], tuple[tuple[Problem, ...]]]:
        """As it was made: a process at work hands it to the one that asked."""
        return type(self), (self.problems,)


def in_one_line(error: DataError) -> str:
    """The first errors of an office in one line, without the folders, which are the office's own."""
    errors = [problem for problem in error.problems if problem.severity == ERROR]
    more = f"；等{len(errors)}处错误" if len(errors) > SHOWN else ""
    return "；".join(f"{_short(problem)} {problem.message}".strip() for problem in errors[:SHOWN]) + more


def _short(problem: Problem) -> str:
    return problem.place.replace(problem.file, PurePosixPath(problem.file).name, 1)


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


NOTHING_YET = "数据目录里没有任何街道的数据；请用 perfeval import 导入自评表或自评报告"
"""What an empty project says of an office or district that is asked for, where there is no name to be near."""
ONE_FAULT = re.compile(r"^.*有1处错误：")
"""The head of a list of one, which stands on its line (:func:`listed`)."""


def listed(head: str, lines: Iterable[str]) -> str:
    """``head：line``; of several lines each on one of its own, under the head."""
    told = list(lines)
    return f"{head}：{told[0]}" if len(told) == 1 else "\n  ".join([f"{head}：", *told])


def pasted(word: str) -> str:
    """A word of a proposed command as a shell takes it when it is pasted: in quotes where it has spaces or signs."""
    if re.fullmatch(r"[\w@%+=:,./-]+", word):
        return word
    return f'"{word}"' if os.name == "nt" else shlex.quote(word)


LONGEST = 200
"""Characters of a path that are shown: the end tells more than the beginning."""
RETRY = "改正后再运行会接着做"
REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("磁盘已满", "请腾出空间，再运行会接着做"),
    errno.EDQUOT: ("超过了磁盘配额", "请腾出空间，再运行会接着做"),
    errno.EROFS: ("所在的磁盘是只读的，不能写", "请换一个可以写的文件夹（报告目录可用 --outputs 另选）"),
    errno.EACCES: ("没有权限", "请检查文件和文件夹的权限，或它是否正被其他程序打开"),
    errno.EPERM: ("系统不允许", "请检查文件和文件夹的权限，或它是否被锁定"),
    errno.EEXIST: (
        "同名的文件占了文件夹的位置，不能写",
        "请移走或改名这个文件，或另选文件夹（报告目录可用 --outputs）",
    ),
    errno.ENOTDIR: (
        "路径中有一段是文件，不是文件夹，不能写",
        "请移走或改名这个文件，或另选文件夹（报告目录可用 --outputs）",
    ),
    errno.EISDIR: ("应为文件，却是文件夹", "请移走这个文件夹，或另选文件名"),
    errno.ENOTEMPTY: ("文件夹不是空的", "请移走里面的文件"),
    errno.ENOENT: ("不存在，或刚被删除、改名", "请核对路径；在网盘或共享文件夹里的，请确认它还连着"),
    errno.ENAMETOOLONG: ("路径太长", "请把项目移到路径较短的文件夹，或缩短名称"),
    errno.ELOOP: ("链接成了圈", "请改正这个链接"),
    errno.EMFILE: ("打开的文件太多", "请关闭其他程序，或减少perfeval.toml里的jobs"),
    errno.ENFILE: ("系统里打开的文件太多", "请关闭其他程序后再运行"),
    errno.ENOMEM: ("内存不足", "请关闭其他程序后再运行"),
    errno.EIO: ("读写出错", "磁盘或共享文件夹可能有故障；请检查后再运行"),
    errno.EBUSY: ("正被其他程序使用", f"请关闭使用它的程序，{RETRY}"),
    errno.ETXTBSY: ("正被其他程序使用", f"请关闭使用它的程序，{RETRY}"),
    errno.EINVAL: ("系统不接受这个名称或操作", "请核对路径里的符号"),
    errno.EXDEV: ("不能跨磁盘移动", "请把数据和报告放在同一个磁盘上"),
    errno.ESTALE: ("共享文件夹的连接已失效", "请重新连接共享文件夹后再运行"),
    errno.EFBIG: ("文件太大，磁盘格式不支持", "请换一个磁盘"),
}
"""Number of the system's error → why, and the way out."""
OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""Errors that are no file's: said without one where the system names none."""


def failure(error: OSError) -> str:
    """``outputs：同名的文件占了文件夹的位置，不能写；请移走…``"""
    why, advice = reason(error)
    where = "、".join(
        dict.fromkeys(_path(name) for name in (error.filename, error.filename2) if name not in (None, ""))
    )
    if not where and error.errno == errno.ENOENT and not _standing():
        return "当前文件夹已被删除或改名；请先用 cd 进入一个存在的文件夹再运行"
    where = where or ("" if error.errno in OF_THE_MACHINE else "文件")
    return f"{where}{'：' if where else ''}{why}；{advice}"


def reason(error: OSError) -> tuple[str, str]:
    """Why, and the way out, without the path."""
    known = REASONS.get(error.errno or 0)
    return known or (f"不能读写（{error.strerror or type(error).__name__}）", "请检查磁盘、权限和网络连接后再运行")


def _standing() -> bool:
    """Whether the working directory is still there."""
    try:
        Path().stat()
        Path.cwd()
    except OSError:
        return False
    return True


def _path(name: object) -> str:
    """A path as people name it: from the working directory, where it is inside."""
    text = os.fsdecode(name) if isinstance(name, str | bytes | os.PathLike) else str(name)
    with suppress(OSError, ValueError):
        text = Path(text).relative_to(Path.cwd()).as_posix()
    return text if len(text) <= LONGEST else f"…{text[-LONGEST:]}"

"""Where a project's data and outputs are, found from the notebook that asks: what ``data_dir = ""`` means.

A project is a folder with ``perfeval.toml``; without one, a folder whose ``data`` holds offices. It is looked for in
the notebook's own folder and upwards, and the nearest counts, so that a demo inside another project reads its own data.
The notebook is known in JupyterLab, in VS Code, and where the ``papermill`` command runs it; ``jupyter execute`` and
``nbconvert`` work in its folder. Where nobody says which notebook it is (papermill called from Python, a script, a
Python prompt) the working directory takes its place. Settings but the folders are :mod:`perfeval.run.project`'s.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from perfeval.model.errors import NotOnFile, PerfevalError, failure, listed

FILE = "perfeval.toml"
LISTED = "subdistricts.csv"
YEAR = re.compile(r"(19|20)[0-9]{2}")
OUTPUTS = "PERFEVAL_OUTPUTS"
"""The variable in which ``perfeval run`` tells a report's process where the run's outputs are."""
SESSION = "JPY_SESSION_NAME"
"""The variable in which a Jupyter server tells a kernel the path of its notebook."""
VSCODE = "__vsc_ipynb_file__"
"""The name under which VS Code leaves the same in the notebook's namespace."""
PAPERMILL = "papermill"
TAKES = {"parameters": 2, "parameters_raw": 2, "p": 2, "r": 2} | dict.fromkeys(
    ("parameters_file", "parameters_yaml", "parameters_base64", "f", "y", "b", "engine", "autosave-cell-every",
     "kernel", "k", "language", "l", "cwd", "stdout-file", "stderr-file", "log-level", "start-timeout", "start_timeout",
     "execution-timeout"), 1,
)  # fmt: skip
"""How many values follow papermill's options; the others are flags."""
MOST_BEFORE = 5
"""Within so many words papermill is named: ``python -X utf8 -m papermill``."""
LAUNCHER = "ipykernel_launcher"


class SettingsError(PerfevalError):
    """perfeval.toml is not valid; the text lists every wrong setting."""


@dataclass(frozen=True, slots=True)
class Folders:
    """A project's folders. Paths are absolute; they need not exist."""

    root: Path
    data: Path
    outputs: Path
    notebooks: Path


def data_folder(source: str | Path = "") -> Path:
    """The data folder that is meant: ``source`` itself, or for ``""`` that of the notebook's own project.

    What is found is named from the working directory (``../data``), so that no path of this machine gets into what is
    shown; only on another drive it is absolute. A path that is given is not looked for anywhere else.
    Raises :class:`NotOnFile` where the notebook stands in no project, :class:`SettingsError` where its
    ``perfeval.toml`` cannot be read. ``data_folder("")`` in ``notebooks/`` is ``Path("../data")``.
    """
    return Path(source) if source != "" else _from_here(folders().data)


def outputs_folder(source: str | Path = "") -> Path:
    """The outputs folder (absolute) of the project that has this data folder; ``""`` as in :func:`data_folder`.

    That of the run which makes a report; else of the notebook's project, or of the project above the data, if these
    are its data; else ``outputs`` beside the data folder.
    """
    told = os.environ.get(OUTPUTS)
    if told:
        return Path(told)
    if source == "":
        return folders().outputs
    data = Path(os.path.normpath(working() / source))
    for start in (standing()[0], data.parent):
        found = above(start)
        if found is not None and _same(found.data, data):
            return found.outputs
    return data.parent / "outputs"


def own(data: Path) -> bool:
    """Whether a data folder is that of the project it lies in, or is called as it would be."""
    found = above(data.resolve().parent)
    return data.resolve().name == "data" if found is None else _same(found.data, data)


def folders() -> Folders:
    """The folders of the notebook's own project; :class:`NotOnFile` where it stands in none."""
    start, what = standing()
    found = above(start)
    if found is None:
        raise NotOnFile(
            f"不知道数据在哪里：{what}“{start.as_posix()}”不在任何项目里（它和各上级目录都没有 {FILE}，"
            "旁边也没有 data 目录）；请在 data_dir 里写明数据目录（papermill 用 -p data_dir 数据目录），"
            "或到项目目录里运行（papermill 用 --cwd 项目目录）"
        )
    return found


def above(start: Path) -> Folders | None:
    """The folders of the project in which a folder lies; None where it lies in none.

    The nearest of ``start`` and the folders above that has a ``perfeval.toml``, or (of ``start`` and the one above,
    where notebooks stand beside ``data``) whose ``data`` holds offices.
    """
    beside = (start, start.parent)
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return named(folder, settings(folder / FILE).get("paths", {}))
        if folder in beside and _offices(folder / "data"):
            return named(folder, {})
    return None


def settings_file(start: str | Path = ".") -> Path | None:
    """The nearest ``perfeval.toml`` in or above a folder."""
    here = working() / start
    return next((folder / FILE for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def settings(file: Path) -> dict[str, Any]:
    """What stands in a settings file; :class:`SettingsError` where it is no TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{file.name} 不是有效的UTF-8编码TOML：{error}") from error
    except OSError as error:
        raise SettingsError(f"{file.name} 不能读取：{error.strerror}") from error


def named(root: Path, paths: object) -> Folders:
    """The folders that ［paths］ names, relative to ``root``; those it does not name are called as ever."""
    given = paths if isinstance(paths, dict) else {}
    kinds = ("data", "outputs", "notebooks")
    wrong = [
        f"［paths］{name} 须是文字，现为“{given[name]}”" for name in kinds if not isinstance(given.get(name, ""), str)
    ]
    if wrong:
        raise SettingsError(listed(f"{FILE} 有{len(wrong)}处错误", wrong))
    return Folders(root, *(root / given.get(name, name) for name in kinds))


def working() -> Path:
    """The working directory; a :class:`PerfevalError` where it was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise PerfevalError(failure(error)) from error


def standing() -> tuple[Path, str]:
    """The folder of the notebook that asks, else the working directory; and what to call it."""
    shell = _shell()
    found = None if shell is None else _vscode(shell) or _started()
    return (working(), "工作目录") if found is None else (found, "笔记本所在的")


def _shell() -> Any:
    """The shell in which a kernel runs a notebook's cells; None in a script or at a prompt."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell if getattr(shell, "kernel", None) is not None else None


def _vscode(shell: Any) -> Path | None:
    path = shell.user_ns.get(VSCODE)
    return _folder(Path(path)) if isinstance(path, str) else None


def _started() -> Path | None:
    """The notebook's folder as far as whoever started this kernel tells it.

    What a variable says is for the kernel that its server started: a notebook may run others, which inherit it.
    """
    session = os.environ.get(SESSION, "")
    with suppress(psutil.Error, OSError):
        client = _client()
        told = given(client.cmdline())
        if told is not None:
            cwd_given, notebook = told
            return None if cwd_given or not notebook else _folder(Path(client.cwd()) / notebook)
        if session and client.environ().get(SESSION) == session:
            return None
    return _folder(Path(session)) if Path(session).is_absolute() else None


def _client() -> psutil.Process:
    """The process that started this kernel; a launcher between them (a virtual environment's on Windows) is none."""
    for process in psutil.Process().parents():
        if not any(LAUNCHER in argument for argument in process.cmdline()):
            return process
    raise psutil.NoSuchProcess(os.getppid())


def given(arguments: Sequence[str]) -> tuple[bool, str] | None:
    """Of a ``papermill`` command line: whether ``--cwd`` stands in it, and the notebook that it runs.

    Empty where that is not a file's name; None for any other command.
    """
    at = next((place for place, word in enumerate(arguments[:MOST_BEFORE]) if _papermill(word)), None)
    if at is None:
        return None
    words, cwd, notebook = iter(arguments[at + 1 :]), False, ""
    for word in words:
        name, _, attached = word.lstrip("-").partition("=")
        if not word.startswith("-") or word == "-":
            notebook = notebook or word
            continue
        cwd = cwd or name == "cwd"
        for _ in range(TAKES.get(name, 0) - bool(attached)):
            next(words, None)
    return cwd, notebook if notebook.endswith(".ipynb") else ""


def _papermill(word: str) -> bool:
    path = Path(word.replace("\\", "/"))
    return PAPERMILL in {path.stem.lower(), path.parent.name.lower() if path.name == "__main__.py" else ""}


def _folder(notebook: Path) -> Path | None:
    """The folder of a notebook, if it is still there."""
    folder = Path(os.path.normpath(notebook)).parent
    return folder if folder.is_dir() else None


def _from_here(path: Path) -> Path:
    try:
        return Path(os.path.relpath(path, working()))
    except ValueError:  # another drive
        return path


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _offices(data: Path) -> bool:
    """Whether a folder is a data folder: it has a list of sub-districts, or the folder of an office's year."""
    return (data / LISTED).is_file() or any(
        YEAR.fullmatch(year.name) and year.is_dir() for office in _inside(data) for year in _inside(office)
    )


def _inside(folder: Path) -> Iterable[Path]:
    try:
        return folder.iterdir() if folder.is_dir() else ()
    except OSError:  # not ours to read
        return ()

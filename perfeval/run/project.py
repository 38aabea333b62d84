"""The project a command works in: the folders and settings named by ``perfeval.toml``."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from perfeval.ingest import holdings
from perfeval.ingest.locating import SettingsError, named, settings, settings_file, working
from perfeval.model import asked, mailing
from perfeval.model.errors import NotOnFile, PerfevalError, listed, nearest
from perfeval.model.mailing import MailSettings
from perfeval.run import cells, timetable
from perfeval.run.contract import Notebook
from perfeval.run.contract import read as read_notebook
from perfeval.run.timetable import Timetable

EXPLORING = "explore.ipynb"
"""The notebook that makes no report: it is opened in JupyterLab."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where things are and how reports are run. Paths are absolute."""

    root: Path
    data: Path
    outputs: Path
    notebooks: Path
    reports: tuple[str, ...] = ("annual",)
    ruleset: str = "hubei"
    jobs: int = 4
    """Notebooks executed at the same time."""
    mail: MailSettings = field(default_factory=MailSettings)
    memory_mb: int = 2000
    """The most memory a kernel may hold, MB; 0: no limit."""
    minutes: int = 30
    """The longest one notebook may run; 0: no limit."""
    isolated: bool = False
    """Whether every kernel is an interpreter of its own even where it could be forked."""
    parameters: Mapping[str, Mapping[str, str | int | float | bool]] = field(default_factory=dict)
    """By report, values of its notebook's own parameters."""
    schedule: Timetable | None = None
    """When ``perfeval run --due`` has something to do."""

    def notebook(self, report: str) -> Path:
        """The notebook of a report; :class:`PerfevalError` with the nearest name where there is none."""
        path = self.notebooks / f"{report}.ipynb"
        if not path.is_file():
            raise PerfevalError(f"没有名为“{report}”的报告{nearest(report, self.reports_there())}")
        return path

    def reports_there(self) -> list[str]:
        """The names of the notebooks that make reports: those that leave figures (``show.record``)."""
        return [name for name, notebook in self._read() if cells.makes_report(notebook)]

    def titles(self) -> dict[str, str]:
        """The title of every notebook that has one, by its name."""
        told = {name: notebook.get("metadata", {}).get("title") for name, notebook in self._read()}
        return {name: title for name, title in told.items() if isinstance(title, str) and title}

    def names(self) -> dict[str, str]:
        """The name of every office in the directory, by its id; none where the directory cannot be read."""
        with suppress(PerfevalError):
            return holdings.names(self.data)
        return {}

    def _read(self) -> Iterator[tuple[str, Notebook]]:
        """The notebooks that can be read, by name."""
        for path in sorted(self.notebooks.glob("*.ipynb")):
            with suppress(PerfevalError):
                yield path.stem, read_notebook(path)

    def with_folders(self, data: str | Path | None = None, outputs: str | Path | None = None) -> "Project":
        """The project with other folders, as given on the command line (relative to the working directory)."""
        return replace(
            self,
            data=self.data if data is None else Path(data).absolute(),
            outputs=self.outputs if outputs is None else Path(outputs).absolute(),
        )


def shown(path: Path) -> str:
    """A path as messages name it, with forward slashes: from the working directory where it is in it, or both are in
    one project (``../data``); else the whole."""
    here, file = Path.cwd(), settings_file()
    if path.is_relative_to(here):
        return path.relative_to(here).as_posix()
    together = file is not None and path.is_relative_to(file.parent) and here.is_relative_to(file.parent)
    return Path(os.path.relpath(path, here)).as_posix() if together else path.as_posix()


def find(start: str | Path = ".") -> Project:
    """The project of the nearest ``perfeval.toml`` in or above ``start``, else the defaults in ``start``.

    Raises :class:`SettingsError` for an unknown or ill-typed setting.
    """
    file = settings_file(start)
    return read(file) if file else _project(working() / start, {})


def read(file: Path) -> Project:
    """The project that a settings file describes."""
    table = settings(file)
    wrong = _wrong(table)
    if wrong:
        raise SettingsError(listed(f"{file.name} 有{len(wrong)}处错误", wrong))
    return _project(file.parent, table)


def folders_of(file: Path) -> Project:
    """The folders that a settings file names, as far as it can be read, and the defaults for everything else.

    For those who go on to look at the data where a setting is wrong; :class:`SettingsError` where it is no TOML.
    """
    paths = settings(file).get("paths", {})
    known = paths.items() if isinstance(paths, dict) else ()
    sound = {name: path for name, path in known if name in SETTINGS["paths"] and isinstance(path, str)}
    return _project(file.parent, {"paths": sound})


def on_file(data: Path, subdistricts: str | Iterable[str] | None, years: asked.Years) -> list[tuple[str, int]]:
    """The (sub-district, year) pairs on file that are asked for; :class:`NotOnFile` for any that is not there."""
    held = holdings.units(data)
    known = {name for name, _ in held}
    named = asked.texts(subdistricts, "subdistricts")
    wanted = None if named is None else [holdings.resolve(data, name) for name in named]
    for name in wanted or ():
        if name not in known:
            raise NotOnFile(f"街道“{name}”没有数据{nearest(name, known)}")
    chosen = held if wanted is None else [unit for unit in held if unit[0] in wanted]
    when = asked.years(years)
    there = sorted({year for _, year in chosen})
    span = isinstance(when, range)  # of a span, those on file count
    missing = sorted(set(when or ()).difference(there)) if not span or set(when or ()).isdisjoint(there) else []
    if missing:
        listed = "、".join(map(str, there)) or "无"
        raise NotOnFile(f"没有{'、'.join(map(str, missing))}年度的数据；现有年度：{listed}")
    chosen = chosen if when is None else [unit for unit in chosen if unit[1] in when]
    if not chosen:
        raise NotOnFile(f"{data.name} 里没有任何街道的数据；请用 perfeval import 导入自评表或自评报告")
    return chosen


SETTINGS: dict[str, dict[str, Any]] = {
    "paths": {"data": str, "outputs": str, "notebooks": str},
    "run": {"reports": list, "ruleset": str, "jobs": int, "memory_mb": int, "minutes": int, "isolated": bool},
    "parameters": {},
    "schedule": timetable.SETTINGS,
    "mail": dict(mailing.KINDS),
}
KINDS = {str: "文字", int: "整数", list: "列表", bool: "true 或 false", str | list: "文字或列表"}
LEAST_MEMORY_MB = 500
"""A kernel that has made a report holds about 200 MB; below this limit none would get far."""


def _wrong(table: dict[str, Any]) -> list[str]:
    wrong = [f"不认识的段落［{name}］{nearest(name, SETTINGS)}" for name in table if name not in SETTINGS]
    shapeless = [name for name in SETTINGS if not isinstance(table.get(name, {}), dict)]
    wrong += [f"{name} 须是段落［{name}］，现为“{table[name]}”" for name in shapeless]
    table = {name: given for name, given in table.items() if name not in shapeless}
    wrong += _wrong_parameters(table.get("parameters", {}))
    for section, known in SETTINGS.items():
        given: dict[str, Any] = {} if section == "parameters" else table.get(section, {})
        for key, value in given.items():
            if key not in known:
                wrong.append(f"［{section}］不认识的设置“{key}”{nearest(key, known)}")
            elif section == "mail":
                wrong += [f"［mail］{key} {why}" for why in [mailing.wrong(key, value)] if why]
            elif not isinstance(value, known[key]) or (isinstance(value, bool) and known[key] is not bool):
                wrong.append(f"［{section}］{key} 须是{KINDS[known[key]]}，现为“{value}”")
            elif key == "jobs" and value < 1:
                wrong.append(f"［run］jobs 须不小于1，现为“{value}”")
            elif key == "minutes" and value < 0:
                wrong.append(f"［run］minutes 须不小于0（0为不限），现为“{value}”")
            elif key == "memory_mb" and value and value < LEAST_MEMORY_MB:
                wrong.append(f"［run］memory_mb 须不小于{LEAST_MEMORY_MB}（0为不限），现为“{value}”")
            elif key == "reports" and not (value and all(isinstance(name, str) for name in value)):
                wrong.append(f"［run］reports 须是报告名称的列表，现为“{value}”")
    wrong += [f"［mail］{line}" for line in mailing.missing(table.get("mail", {}))]
    return wrong + (timetable.wrong(table["schedule"]) if "schedule" in table else [])


def _wrong_parameters(table: dict[str, Any]) -> Iterator[str]:
    for report, own in table.items():
        if not isinstance(own, dict):
            yield f"［parameters］{report} 须是段落［parameters.{report}］，现为“{own}”"
            continue
        for name, value in own.items():
            if not isinstance(value, str | int | float):
                yield f"［parameters.{report}］{name} 须是文字、数或 true、false，现为“{value}”"


def _project(root: Path, table: dict[str, Any]) -> Project:
    paths, run = table.get("paths", {}), table.get("run", {})
    places = named(root, paths)
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in run.items()}
    when = timetable.read(table["schedule"]) if "schedule" in table else None
    mail = mailing.settings(table.get("mail", {}), root)
    own = table.get("parameters", {})
    return Project(
        places.root,
        places.data,
        places.outputs,
        places.notebooks,
        parameters=own,
        schedule=when,
        mail=mail,
        **given,
    )

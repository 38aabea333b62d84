"""A new project: its folders and settings, and notebooks whose defaults exist in its data, so that Run All works."""

from collections.abc import Collection, Mapping
from pathlib import Path

from perfeval.ingest import holdings
from perfeval.ingest.locating import FILE
from perfeval.model.errors import NotOnFile, ParameterError, PerfevalError, reason
from perfeval.model.scratch import write_whole
from perfeval.run.contract import Parameter, Value, fitted, parameters, read
from perfeval.run.project import Project, shown
from perfeval.run.project import read as settings_of
from perfeval.run.subjects import SELECTING, SPAN, Unit

SETTINGS = """# perfeval 的设置。相对路径以本文件所在目录为准。

[paths]
data = "data"             # 数据：data/<街道>/<年度>/
outputs = "outputs"       # 报告写在这里，可随时删除重做；发过邮件的，请留下其中的 ledger.sqlite
notebooks = "notebooks"   # 笔记本，可以改，也可以加自己的

[run]
reports = ["annual", "trend", "overview", "district"]   # perfeval run 生成哪些报告；后三种有可比的年度、街道才生成
ruleset = "hubei"         # 计分规则：perfeval list 可查
"""
GUIDE = """# 数据

每个街道（或其他预算单位）一个文件夹，其下每个年度一个文件夹：`<编号>/<四位年份>/`，放 `budget.csv` 和
`indicators.csv`。
`subdistricts.csv` 是名录：一行一个街道，`id` 与文件夹同名。

- 由现有的自评表、自评报告导入：`perfeval import 文件或文件夹`
- 没有表的，先要一张空白表：`perfeval export 自评表.xlsx --template`
- 改过以后：`perfeval check`
"""
DIRECTORY = "id,name,district,city,aliases,synthetic\n"
MADE = {FILE: SETTINGS, "data/README.md": GUIDE, "data/subdistricts.csv": DIRECTORY}


def found(folder: Path, notebooks: Path) -> tuple[Project, list[str]]:
    """A project in ``folder`` with copies of ``notebooks``, and what was made; nothing that is there is changed.

    Raises :class:`PerfevalError` where something else is in the folder, or it cannot be written.
    """
    there = folder.is_dir() and any(folder.iterdir())
    if (folder.exists() and not folder.is_dir()) or (
        there and not any((folder / name).exists() for name in ("data", FILE))
    ):
        raise PerfevalError(
            f"“{folder.as_posix()}”里有别的内容，不是项目（没有 {FILE} 和 data 目录）；请另指一个文件夹"
        )
    made = []
    try:
        for name, text in MADE.items():
            if not (folder / name).exists():
                write_whole(folder / name, text.encode())
                made.append(name)
        place = settings_of(folder.absolute() / FILE)
        for notebook in sorted(notebooks.glob("*.ipynb")):
            if not (place.notebooks / notebook.name).exists():
                write_whole(place.notebooks / notebook.name, notebook.read_bytes())
                made.append(shown_in(place, notebook.name))
    except OSError as error:
        raise PerfevalError(f"不能写入“{folder.as_posix()}”：{reason(error)[0]}") from error
    return place, made


def shown_in(place: Project, notebook: str) -> str:
    """A notebook's path in its project."""
    path = place.notebooks / notebook
    return path.relative_to(place.root).as_posix() if path.is_relative_to(place.root) else shown(path)


def begun(data: Path) -> bool:
    """Whether any office is on file."""
    try:
        return bool(holdings.units(data))
    except NotOnFile:
        return False


def fit(place: Project, names: Collection[str] | None = None) -> list[str]:
    """Give the notebooks (of these names, or all) whose defaults name what is not on file others that are; the names of
    those changed. None without data.

    The office with the latest year, of these the one with the most years, and its district.
    """
    if not begun(place.data):
        return []
    units, districts = holdings.units(place.data), holdings.districts(place.data)
    values = _defaults(units, districts)
    changed = []
    for path in sorted(place.notebooks.glob("*.ipynb")):
        if names is not None and path.stem not in names:
            continue
        try:
            takes = parameters(read(path))
        except (ParameterError, PerfevalError):
            continue  # said by whoever runs it
        text = path.read_text(encoding="utf-8")
        new = text if _exist(takes, units, districts) else fitted(text, values)
        if new != text:
            write_whole(path, new.encode())
            changed.append(path.stem)
    return changed


def _defaults(units: list[Unit], districts: Mapping[str, str]) -> dict[str, Value]:
    years: dict[str, list[int]] = {}
    for name, year in units:
        years.setdefault(name, []).append(year)
    office = min(years, key=lambda name: (-max(years[name]), -len(years[name]), name))
    first, last = min(years[office]), max(years[office])
    district: dict[str, Value] = {"district": districts[office]} if districts.get(office) else {}
    return {"subdistrict": office, "year": last, "first_year": first, "last_year": last, **district}


def _exist(takes: Mapping[str, Parameter], units: list[Unit], districts: Mapping[str, str]) -> bool:
    """Whether the defaults name what is on file."""
    default = {name: takes[name].default for name in SELECTING if name in takes}
    there = [
        year
        for office, year in units
        if default.get("subdistrict", office) == office
        and default.get("district", districts.get(office, "")) == districts.get(office, "")
    ]
    return bool(there) and all(default[name] in there for name in ("year", *SPAN) if name in default)

"""A demo folder: fictional offices as the loader reads them, settings to run with, the truth beside the data.

Everything is written beside its place first and put there by renaming; an earlier demo is replaced whole or not at all.
"""

import csv
import io
import shutil
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd

from perfeval.demo import catalogue
from perfeval.demo.generate import TABLES, Office, office
from perfeval.demo.paper import Paper
from perfeval.demo.truth import Record
from perfeval.ingest.writing import ALWAYS, cell_text, narrative_bytes, table_bytes
from perfeval.model.errors import PerfevalError
from perfeval.model.schema import BUDGET, INDICATORS, SUBDISTRICTS, YES
from perfeval.run.contract import fitted

MARK = "made.toml"
"""The file in ``truth/`` by which a folder is known as a demo's."""
MADE = ("data", "truth", "notebooks", "perfeval.toml")
"""What a demo consists of; reports made from it stay where they are."""
README = """# 示例数据

这里的街道、指标、金额和文字**全部由程序虚构**，不反映任何真实单位。“{city}{district}”不存在，街道名取自寓言和典故。

- 生成：`perfeval demo --subdistricts {count} --years {first}-{last} --seed {seed}`；同样的命令得到同样的文件
- 内容：{count}个街道，{first}—{last}年度，每年30—45项指标
- 标记：`subdistricts.csv` 的“示例数据”一列为“是”，由此生成的每一页都写明“示例数据”
- 植入的事实：上一级目录的 `truth/`，各列见 `perfeval/demo/__init__.py`
"""
SETTINGS = """# 示例数据的设置，由 perfeval demo 生成。相对路径以本文件所在目录为准。

[paths]
data = "data"
outputs = "outputs"
notebooks = "notebooks"

[run]
reports = ["annual", "trend", "overview", "district"]
ruleset = "hubei"
jobs = 4
"""


class DemoRefused(PerfevalError):
    """The folder holds something else, or an earlier demo that is not to be replaced."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made."""

    folder: Path
    subdistricts: int
    years: tuple[int, ...]
    rows: int
    """Indicator rows."""
    truth: dict[str, int]
    """Rows of each truth table."""


def make(
    into: Path,
    *,
    subdistricts: int,
    years: Sequence[int],
    seed: int,
    notebooks: Path,
    replace: bool = False,
    made: Callable[[int], None] = lambda _: None,
) -> Demo:
    """Make a demo in ``into``, a project of its own: ``notebooks`` are copied into it, with defaults that exist there;
    ``made`` counts offices.

    Raises :class:`DemoRefused` where the folder holds anything but a demo, and where it holds one unless ``replace``.
    """
    refuse(into, replace=replace)
    existed = into.exists()
    into.mkdir(parents=True, exist_ok=True)
    scratch = into / f".making-{uuid4().hex[:8]}"
    try:
        demo = _write(scratch, into, subdistricts, tuple(years), seed, notebooks, made)
        _place(scratch, into)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        if not existed:
            into.rmdir()
        raise
    shutil.rmtree(scratch, ignore_errors=True)
    return demo


def refuse(into: Path, *, replace: bool) -> None:
    """Raise :class:`DemoRefused` unless a demo may be made there."""
    if into.exists() and not into.is_dir():
        raise DemoRefused(f"“{into.as_posix()}”是文件，不能作示例数据的文件夹")
    if not into.exists() or not any(into.iterdir()):
        return
    if not is_demo(into):
        raise DemoRefused(f"“{into.as_posix()}”里有不是示例数据的内容，不会改动；请用 --into 另指一个文件夹")
    if not replace:
        raise DemoRefused(f"“{into.as_posix()}”里已有示例数据；要重新生成请加 --replace")


def is_demo(folder: Path) -> bool:
    """Whether a folder is a demo's: it has the mark, and every office on its list is marked as synthetic."""
    try:
        mark = tomllib.loads((folder / "truth" / MARK).read_text(encoding="utf-8"))
        with (folder / "data" / "subdistricts.csv").open(encoding="utf-8", newline="") as lines:
            listed = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    known = {line["id"] for line in listed if line.get("synthetic") == YES}
    there = {path.name for path in (folder / "data").iterdir() if path.is_dir()}
    return mark.get("generator") == "perfeval demo" and there <= known


def _write(  # noqa: PLR0917  # the parts of make, called once
    scratch: Path,
    into: Path,
    count: int,
    years: tuple[int, ...],
    seed: int,
    notebooks: Path,
    made: Callable[[int], None],
) -> Demo:
    """Everything into the scratch folder."""
    places = []
    first: dict[str, str | int] = {}  # what the notebooks are opened with
    tables: dict[str, list[Record]] = {name: [] for name in TABLES}
    rows = 0
    for index in range(count):
        one = office(index, years, seed)
        for year, paper in one.papers.items():
            _file(scratch / "data" / one.id / str(year), paper)
            rows += len(paper.rows)
        places.append(_entry(one))
        held = sorted(one.papers)
        first = first or {
            "subdistrict": one.id,
            "district": catalogue.DISTRICT,
            "year": held[-1],
            "first_year": held[0],
            "last_year": held[-1],
        }
        for name, found in one.truth.items():
            tables[name] += found
        made(index + 1)
    directory = pd.DataFrame(places, columns=SUBDISTRICTS.names)
    (scratch / "data" / "subdistricts.csv").write_bytes(table_bytes(directory, SUBDISTRICTS))
    said = README.format(
        city=catalogue.CITY, district=catalogue.DISTRICT, count=count, first=years[0], last=years[-1], seed=seed
    )
    _text(scratch / "data" / "README.md", said)
    _text(scratch / "perfeval.toml", SETTINGS)
    (scratch / "notebooks").mkdir()
    for notebook in sorted(notebooks.glob("*.ipynb")):
        _text(scratch / "notebooks" / notebook.name, fitted(notebook.read_text(encoding="utf-8"), first))
    truth = scratch / "truth"
    truth.mkdir()
    for name, records in tables.items():
        _text(truth / f"{name}.csv", _csv(records, COLUMNS[name]))
    listed = ", ".join(map(str, years))
    mark = f'generator = "perfeval demo"\nseed = {seed}\nsubdistricts = {count}\nyears = [{listed}]\n'
    _text(truth / MARK, mark)
    return Demo(into, count, years, rows, {name: len(records) for name, records in tables.items()})


def _entry(one: Office) -> dict[str, str]:
    return {
        "id": one.id,
        "name": one.name,
        "district": catalogue.DISTRICT,
        "city": catalogue.CITY,
        "aliases": one.alias,
        "synthetic": YES,
    }


def _file(folder: Path, paper: Paper) -> None:
    """One office's year."""
    folder.mkdir(parents=True)
    budget = pd.DataFrame({name: [getattr(line, name) for line in paper.money] for name in BUDGET.names}, dtype=object)
    indicators = pd.DataFrame([row.cells for row in paper.rows], dtype=object)
    (folder / "budget.csv").write_bytes(table_bytes(budget, BUDGET, (*ALWAYS["budget"], "goal_no")))
    (folder / "indicators.csv").write_bytes(table_bytes(indicators, INDICATORS))
    (folder / "narrative.toml").write_bytes(narrative_bytes(paper.narrative))


def _place(scratch: Path, into: Path) -> None:
    """What was made into its place; what stood there before is put back where that fails."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for name in MADE:
            place, kept = into / name, scratch / f"before-{name}"
            before = kept if place.exists() else None
            if before is not None:
                place.replace(before)
            done.append((place, before))
            (scratch / name).replace(place)
    except OSError:
        for place, before in reversed(done):
            if place.exists():
                place.replace(scratch / f"failed-{place.name}")
            if before is not None:
                before.replace(place)
        raise


COLUMNS = {
    "matches": (
        "subdistrict", "year", "previous_year", "row", "goal_no", "indicator",
        "previous_row", "previous_goal_no", "previous_indicator", "kind", "how",
    ),
    "trends": (
        "subdistrict", "series", "unit", "years", "first_year", "last_year", "first", "last", "kind", "good", "verdict",
    ),
    "defects": ("subdistrict", "year", "code", "place", "what"),
    "changes": (
        "subdistrict", "year", "previous_year", "kind", "row", "indicator",
        "previous_row", "previous_indicator", "before", "after",
    ),
    "repeated": ("subdistrict", "indicator", "years", "times", "copied"),
}  # fmt: skip
"""Of each truth table; what they hold is documented in :mod:`perfeval.demo`."""


def _csv(records: Sequence[Record], columns: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell_text(record[name]) for name in columns] for record in records)
    return out.getvalue()


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")

"""Recognised documents → ``data/<subdistrict>/<year>/``: compared with what is on file, written in one step.

Nothing is written that the loader would not read back: the files are checked in a folder beside the data first.
"""

import csv
import io
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from dataclasses import replace as _replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pandas as pd

from perfeval.ingest import replaced, reviewed, store, wordreport
from perfeval.ingest.cells import known
from perfeval.ingest.checks import parse_csv, typed
from perfeval.ingest.directory import DIRECTORY, FILES, NARRATIVE, TABLES, Unit, directory, file_of, leaves
from perfeval.ingest.document import Document
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.officeyears import OPTIONAL
from perfeval.ingest.origins import pointed
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import decode, read_bytes
from perfeval.ingest.writing import ALWAYS, cell_text, narrative_bytes, table_bytes, together
from perfeval.model import scratch
from perfeval.model.errors import ERROR, Problem, reason
from perfeval.model.parallel import Workers, spread
from perfeval.model.schema import ASSIGNED, INDICATORS, SUBDISTRICTS, Narrative, Table

WRITTEN, READY, SAME, REFUSED = "已写入", "可写入", "没有变化", "未写入"
COLUMNS = ["table", "key", "column", "on_file", "new"]
NOTHING = "（无）"
NO_INDICATORS = "W717"
"""A report in words that has none: it is filed with what it has, and an empty table of indicators."""
NOBODY, SOME_YEAR = "未定", 2000
"""Whose and which year's a document passes for whose rows are checked before either is known."""
TWICE = "E725"
"""Names the second of two documents, of which neither is filed."""
UNFILLED = "W659"
"""A form whose indicators are empty: where it is refused for that, E726 says so at its place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sub-district-year."""

    subdistrict: str
    year: int
    status: str
    """已写入, 可写入 (of a dry run), 没有变化 or 未写入."""
    folder: str
    """``data/ronghua/2022``, as the user named the data folder."""
    rows: dict[str, int] = field(default_factory=dict)
    """By file written: records of a table, fields of the narrative."""
    problems: tuple[Problem, ...] = ()
    """Why it was not written, what was noticed in putting documents together, and what the loader says."""
    differences: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    overwrites: bool = False
    """Whether other data are on file, so that writing takes ``replace``."""
    kept: str = ""
    """Where the files are that were replaced; empty where none were."""


def differences(documents: Iterable[Document], data_dir: str | Path = "data") -> pd.DataFrame:
    """Where documents differ from what is on file: table (the file), key (of the row), column, on_file, new.

    Empty where they do not differ, and for sub-district-years that are not on file. What a document does not speak of
    (no budget, no indicators, an empty field of the narrative) is not a difference.
    """
    root = Path(data_dir)
    merged = {unit: _settled(one, root, unit) for unit, one in together(documents).items()}
    found = [_differences(root, unit, _bytes(one, root, unit)) for unit, one in merged.items()]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def write(
    documents: Iterable[Document],
    data_dir: str | Path = "data",
    *,
    replace: bool = False,
    dry_run: bool = False,
    jobs: int | Workers = 1,
) -> list[Outcome]:
    """File the documents; several of one sub-district-year become its goals 1 … N.

    A sub-district-year is written whole or not at all: not where a document of it has errors, where the loader would
    not take it, or where other data are on file and ``replace`` is not given (E724). Documents without sub-district or
    year, and of no family, are passed over. Of a reviewer's sheet for data on file only the reviewed columns are taken;
    where those were empty, ``replace`` is not needed. A sub-district that is not in the directory gets a line there. A
    dry run checks everything and writes nothing; data that differ are then no reason to refuse. Many are checked by up
    to ``jobs`` processes, and written by this one, in their order.
    """
    root = Path(data_dir)
    given = list(documents)
    known = {found for document in given for found in document.problems}
    units = together(given)
    outcomes = []
    kept = replaced.new_keep(root)
    scratch.sweep()
    if not dry_run:
        scratch.sweep(root)
    # What is checked after another is written would see the line that this adds to the directory.
    apart = dry_run or directory(root).places.keys() >= {unit.subdistrict for unit in units}
    for judged in spread(partial(_judged, root, overwrite=replace or dry_run), units.items(), jobs if apart else 1):
        outcome = judged.outcome if dry_run else _written(root, judged, kept)
        twice = {found.file for found in outcome.problems if found.code == TWICE}
        others = [one for document in given if document.file in twice and document.family for one in unfiled(document)]
        outcome = _replace(outcome, problems=tuple(dict.fromkeys((*outcome.problems, *others))))
        noted = [found for found in judged.noted if found not in known and found not in outcome.problems]
        outcomes.append(_replace(outcome, problems=(*noted, *outcome.problems)))
    return outcomes


def every_problem(documents: Iterable[Document], outcomes: Iterable[Outcome]) -> list[Problem]:
    """What was found in reading and in filing: that of the outcomes which the documents do not say already, last."""
    read = [problem for document in documents for problem in document.problems]
    known = set(read)
    filed = [problem for outcome in outcomes for problem in outcome.problems if problem not in known]
    refused = {(problem.file, problem.sheet, problem.row) for problem in filed if problem.code == "E726"}
    return [one for one in read if one.code != UNFILLED or (one.file, one.sheet, one.row) not in refused] + filed


def in_order(documents: Iterable[Document], outcomes: Iterable[Outcome], problems: Iterable[Problem]) -> bool:
    """Whether nothing is left for a person to mend: something was recognised, nothing refused, and no error found."""
    recognised = any(document.family for document in documents)
    refused = any(outcome.status == REFUSED for outcome in outcomes)
    return recognised and not refused and not any(problem.severity == ERROR for problem in problems)


def _settled(document: Document, root: Path, unit: Unit) -> Document:
    """The document beside what is on file: of some, not everything they say is a change."""
    return wordreport.settled(reviewed.settled(document, root, unit), root, unit)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A sub-district-year of which is known what would become of it, before anything is written."""

    outcome: Outcome
    """可写入, or as it is."""
    unit: str
    """The name in its documents."""
    noted: tuple[Problem, ...]
    """All that was noticed in its documents, and in putting them together."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What is to be written."""


def _judged(root: Path, item: tuple[Unit, Document], *, overwrite: bool) -> _Judged:
    """Judge one document; nothing is written."""
    unit, one = item
    merged = _settled(one, root, unit)
    files: dict[str, bytes] = {}
    outcome = _judge(root, unit, merged, files, there=reviewed.pointing(merged, one), overwrite=overwrite)
    return _Judged(outcome, merged.unit, merged.problems, files)


def _judge(
    root: Path, unit: Unit, merged: Document, touched: dict[str, bytes], *, there: Document, overwrite: bool
) -> Outcome:
    """What would become of a document, whose places ``there`` has; the files to be written go into ``touched``."""
    folder = (root / unit.subdistrict / str(unit.year)).as_posix()
    refused = Outcome(unit.subdistrict, unit.year, REFUSED, folder)
    spoilt = [found for found in merged.problems if found.severity == ERROR]
    wrong = list(spoilt)
    files = _bytes(merged, root, unit)
    needed = [name for name in TABLES if name not in OPTIONAL]
    missing = [name for name in needed if name not in files and not file_of(root, unit, name).exists()]
    if missing == ["indicators.csv"] and any(found.code == NO_INDICATORS for found in merged.problems):
        files["indicators.csv"] = table_bytes(merged.indicators, TABLES["indicators.csv"])
    elif missing:
        wrong.append(_missing(missing, merged))
    changed = _differences(root, unit, files)
    new = [name for name in files if not file_of(root, unit, name).exists()]
    if not wrong and changed.empty and not new:
        return _replace(refused, status=SAME)
    refused = _replace(refused, differences=changed, overwrites=not reviewed.only_adds(changed))
    if refused.overwrites and not overwrite:
        message = f"已有不同的数据（{len(changed)}处），没有覆盖"
        wrong.append(problem("E724", message, file=merged.file, value=folder))
    touched |= {name: raw for name, raw in files.items() if name in new or name in set(changed["table"])}
    found = _checked(root, unit, merged.unit, touched)
    problems = (*wrong, *(_of_rows(found, there) if spoilt or missing else pointed(found, there)))
    if any(found.severity == ERROR for found in problems):
        return _replace(refused, problems=problems)
    rows = {name: _records(name, raw) for name, raw in touched.items()}
    return _replace(refused, status=READY, rows=rows, problems=problems)


def _missing(names: Sequence[str], merged: Document) -> Problem:
    """That tables are neither in a document nor on file."""
    titles = "、".join(TABLES[name].title for name in names)
    message = f"没有读到{titles}，这个年度也还没有{'、'.join(names)}"
    unfilled = (found for found in merged.problems if found.code == UNFILLED and "indicators.csv" in names)
    blank = next(unfilled, None)
    at = {"file": merged.file} if blank is None else {"file": blank.file, "sheet": blank.sheet, "row": blank.row}
    return problem("E726", message, **at)


def _written(root: Path, judged: _Judged, kept: Path) -> Outcome:
    """Write what may be written; ``kept`` is where replaced files go."""
    outcome = judged.outcome
    if outcome.status != READY:
        return outcome
    unit = Unit(outcome.subdistrict, outcome.year)
    replaces = any(file_of(root, unit, name).exists() for name in judged.files)
    before = replaced.keep(root, unit, kept) if replaces else None
    wrong = _put(root, unit, judged.unit, judged.files)
    if wrong:
        if before is not None:
            replaced.forget(kept, unit)
        return _replace(outcome, status=REFUSED, rows={}, problems=wrong)
    return _replace(outcome, status=WRITTEN, kept="" if before is None else before.as_posix())


def _of_rows(found: Iterable[Problem], merged: Document) -> list[Problem]:
    """What the loader says of the rows of a document that cannot be filed, so that all can be mended at once.

    Sums over a whole table are left out, and rows with an error: what stands there is not known.
    """
    spoilt = {(one.sheet, one.row) for one in merged.problems if one.severity == ERROR}
    told = pointed((one for one in found if one.row is not None), merged)
    return [one for one in told if (one.sheet, one.row) not in spoilt]


def unfiled(document: Document) -> list[Problem]:
    """What the loader would say of the rows of a document, wherever it were filed; errors and warnings.

    For documents that go nowhere yet: nobody knows whose or of which year they are, or there is another one.
    """
    unit = Unit(document.subdistrict or NOBODY, SOME_YEAR if document.year is None else document.year)
    (merged,) = together([_replace(document, subdistrict=unit.subdistrict, year=unit.year)]).values()
    with scratch.folder() as nowhere:
        found = _checked(nowhere, unit, merged.unit, _bytes(merged, nowhere, unit))
        return [one for one in _of_rows(found, merged) if not one.file.startswith(nowhere.as_posix())]


def _bytes(merged: Document, root: Path, unit: Unit) -> dict[str, bytes]:
    """The files a document makes: tables that have rows, and a narrative that says anything beside what is on file."""
    frames = {
        "budget.csv": merged.budget,
        "indicators.csv": _with_guesses(merged),
        "blocks.csv": merged.blocks_frame(),
    }
    files = {
        name: table_bytes(frame, TABLES[name], _columns(merged, root, unit, name))
        for name, frame in frames.items()
        if len(frame)
    }
    for name in OPTIONAL - files.keys():  # rows of what is replaced would not fit the new ones
        if merged.blocks is not None and "indicators.csv" in files and file_of(root, unit, name).exists():
            files[name] = table_bytes(frames[name], TABLES[name])
    if merged.narrative != Narrative():
        kept = _narrative_on_file(root, unit)
        said = {
            entry.name: value
            for entry in fields(Narrative)
            if (value := getattr(merged.narrative, entry.name)) != entry.default
        }
        files[NARRATIVE] = narrative_bytes(_replace(kept, **said))
    return files


def _with_guesses(merged: Document) -> pd.DataFrame:
    """The indicators; the source of those whose category stands nowhere in the document says so."""
    placed = {(row, column) for table, row, column in merged.places if table == INDICATORS.name}
    read, levels = {row for row, _ in placed}, {row for row, column in placed if column in ("category", "subcategory")}
    if read <= levels:
        return merged.indicators
    sources = [
        f"{ASSIGNED}；{source}" if row in read - levels else source
        for row, source in enumerate(merged.indicators["source"])
    ]
    return merged.indicators.assign(source=pd.Series(sources, index=merged.indicators.index, dtype="str"))


def _columns(merged: Document, root: Path, unit: Unit, file: str) -> frozenset[str] | None:
    """The columns the document has in a table; where it does not say, those on file; None where there is nothing."""
    placed = frozenset(column for table, _, column in merged.places if table == TABLES[file].name)
    path = file_of(root, unit, file)
    raw = None if placed or not path.exists() else read_bytes(path, path.as_posix())[0]
    return placed or (None if raw is None else known(parse_csv(raw, file)[0].columns, TABLES[file]))


def _narrative_on_file(root: Path, unit: Unit) -> Narrative:
    path = file_of(root, unit, NARRATIVE)
    raw = read_bytes(path, path.as_posix())[0] if path.exists() else None
    return Narrative() if raw is None else parse_narrative(raw, path.as_posix())[0]


def _records(name: str, raw: bytes) -> int:
    if name == NARRATIVE:
        narrative, _ = parse_narrative(raw, name)
        return sum(getattr(narrative, entry.name) != entry.default for entry in fields(narrative))
    return len(parse_csv(raw, name)[0])


def _differences(root: Path, unit: Unit, files: dict[str, bytes]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str, str]] = []
    for name, raw in files.items():
        path = file_of(root, unit, name)
        if not path.exists():
            continue
        before, problems = read_bytes(path, path.as_posix())
        if before is None:
            rows.append((name, "", "", f"（无法读取：{problems[0].message}）", ""))
        elif before != raw:
            compare = _narratives if name == NARRATIVE else _tables
            rows += [(name, *row) for row in compare(before, raw, name)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _tables(before: bytes, after: bytes, name: str) -> Iterator[tuple[str, str, str, str]]:
    table = TABLES[name]
    old, new = _by_key(before, table, name), _by_key(after, table, name)
    for key in dict.fromkeys([*old, *new]):
        if key not in old or key not in new:
            yield key, "", "有这一行" if key in old else NOTHING, "有这一行" if key in new else NOTHING
            continue
        for column in table.names:
            if old[key][column] != new[key][column]:
                yield key, column, old[key][column], new[key][column]
    if list(old) != list(new) and sorted(old) == sorted(new):
        yield "", "", "行的顺序不同", ""


def _by_key(raw: bytes, table: Table, name: str) -> dict[str, dict[str, str]]:
    """The rows of a table by what makes them unique; rows with the same key get a number."""
    text, _ = parse_csv(raw, name)
    frame, _ = typed(text, table, name)
    rows: dict[str, dict[str, str]] = {}
    for record in frame.to_dict("records"):
        cells = {column: _comparable(record[column]) for column in table.names}
        key = "｜".join(cells[part] for part in table.key if cells[part])
        while key in rows:
            key += "′"
        rows[key] = cells
    return rows


def _comparable(value: object) -> str:
    """Numbers by their value (98 is 98.0), texts as they stand."""
    return cell_text(value.normalize() if isinstance(value, Decimal) else value)


def _narratives(before: bytes, after: bytes, name: str) -> Iterator[tuple[str, str, str, str]]:
    old, wrong = parse_narrative(before, name)
    new, _ = parse_narrative(after, name)
    if any(found.severity == ERROR for found in wrong):
        yield "", "", "（有错误，无法比较）", ""
    for entry in fields(Narrative):
        left, right = getattr(old, entry.name), getattr(new, entry.name)
        if left == right:
            continue
        if not isinstance(right, tuple):
            yield entry.name, "", _shown(left), _shown(right)
            continue
        for number in range(max(len(left), len(right))):
            pair = [_shown(side[number]) if number < len(side) else NOTHING for side in (left, right)]
            if pair[0] != pair[1]:
                yield f"{entry.name}[{number + 1}]", "", pair[0], pair[1]


def _shown(value: object) -> str:
    """An entry of a narrative on one line."""
    if value is None or isinstance(value, str | Decimal):
        return cell_text(value) or NOTHING
    parts = (getattr(value, entry.name) for entry in fields(value))  # type: ignore[arg-type]  # entries are dataclasses
    return "｜".join(
        "、".join(part) if isinstance(part, tuple) else str(part) for part in parts if part not in ("", None, ())
    )


def _checked(root: Path, unit: Unit, name: str, files: dict[str, bytes]) -> list[Problem]:
    """What the loader says of the files, in a folder of their own."""
    target = root / unit.subdistrict / str(unit.year)
    if root.exists() and leaves(target, root):
        return [problem("E502", "文件夹是通向数据目录之外的链接，没有写入", file=target.as_posix())]
    with scratch.folder() as stage:
        return _staged(stage, root, unit, files, _directory(root, unit.subdistrict, name))


def _put(root: Path, unit: Unit, name: str, files: dict[str, bytes]) -> tuple[Problem, ...]:
    """Put the files in their place, all or none; why they cannot be."""
    root.mkdir(parents=True, exist_ok=True)
    with scratch.folder(root) as stage:
        moves = [(stage / file, file_of(root, unit, file)) for file in files]
        for file, raw in files.items():
            (stage / file).write_bytes(raw)
        listing = _directory(root, unit.subdistrict, name)
        if listing is not None:
            (stage / DIRECTORY).write_bytes(listing)
            moves.append((stage / DIRECTORY, root / DIRECTORY))
        target = file_of(root, unit, "")
        target.mkdir(parents=True, exist_ok=True)
        try:
            replaced.move(moves, stage)
        except OSError as error:
            message = f"写不进去：{reason(error)[0]}；没有改动任何文件"
            return (problem("E728", message, file=Path(error.filename2 or error.filename or target).as_posix()),)
    return ()


def _staged(stage: Path, root: Path, unit: Unit, files: dict[str, bytes], listing: bytes | None) -> list[Problem]:
    """Lay out in ``stage`` what would be on file, and let the loader check it; problems name the places to be."""
    file_of(stage, unit, "").mkdir(parents=True)
    for file in FILES:
        there = file_of(root, unit, file)
        if file in files:
            file_of(stage, unit, file).write_bytes(files[file])
        elif there.is_file():
            shutil.copyfile(there, file_of(stage, unit, file))
    if listing is not None:
        (stage / DIRECTORY).write_bytes(listing)
    elif (root / DIRECTORY).is_file():
        shutil.copyfile(root / DIRECTORY, stage / DIRECTORY)
    found = store.check(stage, unit.subdistrict, unit.year)
    return [_replace(one, file=one.file.replace(stage.as_posix(), root.as_posix(), 1)) for one in found]


def _directory(root: Path, subdistrict: str, name: str) -> bytes | None:
    """The directory with a line for a sub-district that is not in it; None where it is. Its encoding is kept."""
    if subdistrict in directory(root).places:
        return None
    path = root / DIRECTORY
    raw = path.read_bytes() if path.exists() else b""
    if not raw.strip():
        raw = (",".join(ALWAYS[SUBDISTRICTS.name]) + "\n").encode()
    text, _ = decode(raw, path.as_posix())
    if text is None:
        return raw  # the loader will say what is wrong with it
    titles = {column.title: column.name for column in SUBDISTRICTS.columns}
    heading = next(csv.reader(io.StringIO(text)))
    cells = {"id": subdistrict, "name": name or subdistrict}
    line = io.StringIO(newline="")
    end = "\r\n" if "\r\n" in text else "\n"
    csv.writer(line, lineterminator=end).writerow(
        [cells.get(titles.get(title.strip(), title.strip()), "") for title in heading]
    )
    encoding = "utf-8" if _is_utf8(raw) else "gb18030"
    return raw + (b"" if raw.endswith(b"\n") else end.encode()) + line.getvalue().encode(encoding)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

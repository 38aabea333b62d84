"""``recipients.csv``: who gets the reports of which office, in which role, from and to which day."""

from pathlib import Path

import pandas as pd

from perfeval.ingest.checks import empty, parse_csv, typed
from perfeval.ingest.directory import data_root, directory, leaves
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import read_bytes
from perfeval.model.errors import ERROR, DataError, NotOnFile, Problem, nearest
from perfeval.model.schema import RECIPIENTS

FILE = "recipients.csv"


def load(data_dir: str | Path) -> pd.DataFrame:
    """The recipients: the columns of :data:`~perfeval.model.schema.RECIPIENTS`, file, row.

    ``subdistrict`` is a sub-district's id or a district's name, ``address`` has its domain in lower-case ASCII, days
    are ISO text or ``""``. Raises :class:`NotOnFile` where there is no list, :class:`DataError` with every problem.
    """
    root = data_root(data_dir)
    if not (root / FILE).exists():
        headings = "、".join(f"{column.title}（{column.name}）" for column in RECIPIENTS.columns)
        raise NotOnFile(f"没有收件人表 {(root / FILE).as_posix()}；请新建，列为：{headings}")
    frame, problems = _read(root)
    if any(found.severity == ERROR for found in problems):
        raise DataError(problems)
    return frame


def check(data_dir: str | Path) -> list[Problem]:
    """Every problem of the list, errors included; none where there is no list."""
    root = data_root(data_dir)
    return _read(root)[1] if (root / FILE).exists() else []


def _read(root: Path) -> tuple[pd.DataFrame, list[Problem]]:
    path = root / FILE
    file = path.as_posix()
    if leaves(path, root):
        return empty(RECIPIENTS), [problem("E502", "文件是通向数据目录之外的链接，未读取", file=file)]
    raw, problems = read_bytes(path, file)
    if raw is None:
        return empty(RECIPIENTS), problems
    text, problems = parse_csv(raw, file)
    if text.columns.empty:
        return empty(RECIPIENTS), problems
    frame, wrong = typed(text, RECIPIENTS, file)
    offices, unknown = _offices(frame, root, file)
    return frame.assign(subdistrict=offices), [*problems, *wrong, *unknown, *_backwards(frame, file)]


def _offices(frame: pd.DataFrame, root: Path, file: str) -> tuple[pd.Series, list[Problem]]:
    """The offices by id or district, and those that nobody knows or that could be several."""
    places = directory(root)
    known: dict[str, frozenset[str]] = {
        name: frozenset({name}) for name in (*places.columns["id"], *places.columns["district"]) if name
    }
    for name, ids in places.called.items():
        known.setdefault(name, ids)
    problems = []
    for written, row in zip(frame["subdistrict"], frame["row"], strict=True):
        found = known.get(written, frozenset())
        if written and len(found) != 1:
            message = f"同时指{'、'.join(sorted(found))}" if found else f"名录里没有这个单位{nearest(written, known)}"
            column = RECIPIENTS.column("subdistrict").label
            problems.append(problem("E511", message, file=file, row=int(row), column=column, value=written))
    chosen = [min(known.get(written, {written})) for written in frame["subdistrict"]]
    return pd.Series(chosen, index=frame.index, dtype="str"), problems


def _backwards(frame: pd.DataFrame, file: str) -> list[Problem]:
    return [
        problem(
            "E512",
            f"截止{last}早于起始{first}",
            file=file,
            row=int(row),
            column=RECIPIENTS.column("to").label,
            value=last,
        )
        for first, last, row in zip(frame["from"], frame["to"], frame["row"], strict=True)
        if first and last and last < first
    ]

"""The public ``peers``: every office of a district evaluated, one office's bad data stopping none of the others."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TypeVar

from perfeval.analysis.findings.suppressing import SuppressionError
from perfeval.analysis.peers import compare
from perfeval.evaluating import beside, evaluate, find
from perfeval.ingest import store
from perfeval.model.data import Data
from perfeval.model.errors import ERROR, DataError, NotOnFile, Problem, nearest
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation, RuleSet

Failed = tuple[str, str, str]
T = TypeVar("T", str, int)
SHOWN = 2
"""How many errors of an office its line quotes; ``perfeval check`` lists them all."""


def peers(
    data: Data | str | Path,
    *,
    district: str | None = None,
    year: int | None = None,
    ruleset: str | RuleSet = "hubei",
) -> Peers:
    """All offices of a district in one year, compared under a rule set (as :func:`perfeval.evaluate` takes it).

    ``data`` is what :func:`perfeval.load` returns, or the data folder: then each office is loaded by itself, and one
    whose data have errors is a row of ``failed`` with the reason instead of stopping the district, as is one of the
    directory that has nothing on file for the year. ``district`` and ``year`` are needed only where there are several.
    Raises :class:`NotOnFile` where they name nothing or not exactly one, :class:`DataError` where no office at all can
    be loaded, :class:`RuleSetError`.
    """
    held = _Held(data)
    district = _only(held.districts.values(), district, "区县", "district")
    members = {name for name, of in held.districts.items() if of == district}
    year = _only([when for name, when in held.units if name in members], year, "年度", "year")
    there = sorted({name for name, when in held.units if when == year and name in members})
    rules = find(ruleset, held.folder) if isinstance(ruleset, str) else ruleset
    evaluations: list[Evaluation] = []
    failed: list[Failed] = [
        (name, held.names.get(name, name), f"没有{year}年度的数据") for name in sorted(members - set(there))
    ]
    problems: list[Problem] = []
    refused: SuppressionError | None = None
    for name in there:
        try:
            evaluations.append(evaluate(held.of(name, year), rules, subdistrict=name, year=year))
        except DataError as error:
            failed.append((name, held.names.get(name) or name, _why(error)))
            problems += error.problems
        except SuppressionError as error:
            failed.append((name, held.names.get(name) or name, "；".join(error.faults[:SHOWN])))
            refused = error
    if not evaluations:
        raise DataError(dict.fromkeys(problems)) if problems or refused is None else refused
    return compare(evaluations, rules, district=district, year=year, failed=failed)


class _Held:
    """What is on file, in memory or in a folder, asked for in the same words."""

    def __init__(self, data: Data | str | Path) -> None:
        self._data = data
        if isinstance(data, Data):
            places = data.subdistricts
            self.districts = dict(zip(places["id"], places["district"], strict=True))
            self.names = dict(zip(places["id"], places["name"], strict=True))
            held = data.sources[["subdistrict", "year"]].drop_duplicates()
            self.folder = beside(data)
        else:
            self.districts, self.names = store.districts(data), store.names(data)
            held = store.catalog(data)
            self.folder = Path(data).resolve().parent
        self.units = [(str(name), int(year)) for name, year in zip(held["subdistrict"], held["year"], strict=True)]
        self.districts |= {name: "" for name, _ in self.units if name not in self.districts}

    def of(self, subdistrict: str, year: int) -> Data:
        """The data of one office and year; :class:`DataError` where they have errors."""
        return self._data if isinstance(self._data, Data) else store.load(self._data, subdistrict, year)


def _only(held: Iterable[T], wanted: T | None, what: str, parameter: str) -> T:
    """The one that is asked for, or the only one there is."""
    every = sorted(set(held))
    there = [one for one in every if one != ""] or every
    if wanted is None and len(there) == 1:
        return there[0]
    if wanted in there:
        return wanted
    shown = "、".join(map(str, there)) or "无"
    if wanted is None:
        raise NotOnFile(f"数据里不止一个{what}（{shown}），请给出 {parameter}" if there else f"没有任何{what}的数据")
    raise NotOnFile(f"没有{what}“{wanted}”的数据{nearest(str(wanted), map(str, there))}")


def _why(error: DataError) -> str:
    """The first errors of an office in one line."""
    errors = [problem for problem in error.problems if problem.severity == ERROR]
    more = f"；等{len(errors)}处错误" if len(errors) > SHOWN else ""
    told = (f"{_short(problem)} {problem.message}".strip() for problem in errors[:SHOWN])
    return "；".join(told) + more


def _short(problem: Problem) -> str:
    """The place without the folders, which are the office's own."""
    return problem.place.replace(problem.file, PurePosixPath(problem.file).name, 1)

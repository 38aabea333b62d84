"""The public ``evaluate``, ``history`` and ``peers``: what is meant is found, analysis does the rest."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from perfeval.analysis.evaluation import evaluate_year
from perfeval.analysis.evaluation import history as gathered
from perfeval.analysis.findings.suppressing import SuppressionError
from perfeval.analysis.peers import compare
from perfeval.ingest import holdings, store
from perfeval.ingest.directory import callings, data_root
from perfeval.model import asked
from perfeval.model.data import Data
from perfeval.model.errors import (
    NOTHING_YET,
    SHOWN,
    DataError,
    NotOnFile,
    ParameterError,
    Problem,
    in_one_line,
    nearest,
)
from perfeval.model.history import History
from perfeval.model.peers import NO_DATA, NOT_LOADED, Peers
from perfeval.model.results import Evaluation
from perfeval.model.ruleset import RuleSet
from perfeval.rules import find

Failed = tuple[str, str, str]
T = TypeVar("T", str, int)


@asked.named
def evaluate(
    data: Data, ruleset: str | RuleSet = "hubei", *, subdistrict: str | None = None, year: int | str | None = None
) -> Evaluation:
    """Everything about one sub-district-year under a rule set.

    ``ruleset`` is a preset's name, a :class:`RuleSet`, or the path of a user's own file (it ends with ``.toml``),
    relative to the folder that holds the data folder: ``pe.evaluate(data, ruleset="rules/ours.toml")``.
    ``subdistrict`` (id, name or alias) and ``year`` are needed only where ``data`` holds several.
    Raises :class:`NotOnFile` where they name nothing or not exactly one, :class:`RuleSetError` for an unknown rule set
    or a file with faults, listing every one by line, :class:`ParameterError` for an argument of the wrong kind.
    """
    loaded(data)
    return evaluate_year(data, find(ruleset, beside(data)), *_unit(data, subdistrict, asked.one_year(year)))


@asked.named
def history(data: Data, ruleset: str | RuleSet = "hubei", *, subdistrict: str | None = None) -> History:
    """One sub-district and all its years in ``data``: matched indicators, trends, what changed and why the score moved.

    ``pe.history(pe.load("data", subdistrict="ronghua"))``. One year is enough; the frames about several are then empty.
    ``ruleset`` is as in :func:`evaluate`, the same for every year, so that scores can be compared.
    ``subdistrict`` (id, name or alias) is needed only where ``data`` holds several.
    Raises :class:`NotOnFile` where it names nothing or not exactly one, :class:`RuleSetError` and
    :class:`ParameterError` as :func:`evaluate`.
    """
    loaded(data)
    rules = find(ruleset, beside(data))
    subdistrict = called(data, asked.one_text(subdistrict, "subdistrict"))
    held = data.sources[["subdistrict", "year"]].drop_duplicates()
    names = sorted(set(held["subdistrict"]) & ({subdistrict} if subdistrict is not None else set(held["subdistrict"])))
    if len(names) != 1:
        there = "、".join(sorted(set(held["subdistrict"]))) or "没有任何街道"
        raise NotOnFile(f"须恰好指定一个街道，现有：{there}；请给出 subdistrict")
    years = sorted(held.loc[held["subdistrict"].eq(names[0]), "year"])
    results = {int(year): evaluate_year(data, rules, names[0], int(year)) for year in years}
    return gathered(results, data.matches[data.matches["subdistrict"].eq(names[0])])


@asked.named
def peers(
    data: Data | str | Path = "",
    *,
    district: str | None = None,
    year: int | str | None = None,
    ruleset: str | RuleSet = "hubei",
) -> Peers:
    """All offices of a district in one year, compared under a rule set (as :func:`evaluate` takes it).

    ``data`` is what :func:`perfeval.load` returns, or the data folder (``""`` as there): then each office is loaded by
    itself, and one whose data have errors is a row of ``failed`` with the reason instead of stopping the district, as
    is one of the directory that has nothing on file for the year. ``district`` and ``year`` are needed only where
    there are several.
    Raises :class:`NotOnFile` where they name nothing or not exactly one, :class:`DataError` where no office at all can
    be loaded, :class:`RuleSetError`, :class:`ParameterError` for an argument of the wrong kind.
    """
    if not isinstance(data, Data):
        asked.folder(data, "data")
    year = asked.one_year(year)
    held = _Held(data)
    district = _only(held.districts.values(), asked.one_text(district, "district"), "区县", "district")
    members = {name for name, of in held.districts.items() if of == district}
    _has_year(held, district, members, year)
    year = _only([when for name, when in held.units if name in members], year, "年度", "year")
    there = sorted({name for name, when in held.units if when == year and name in members})
    rules = find(ruleset, held.folder)
    evaluations: list[Evaluation] = []
    failed: list[Failed] = [
        (name, held.names.get(name, name), held.absent.format(year)) for name in sorted(members - set(there))
    ]
    problems: list[Problem] = []
    refused: SuppressionError | None = None
    for name in there:
        try:
            evaluations.append(evaluate(held.of(name, year), rules, subdistrict=name, year=year))
        except DataError as error:
            failed.append((name, held.names.get(name) or name, in_one_line(error)))
            problems += error.problems
        except SuppressionError as error:
            failed.append((name, held.names.get(name) or name, "；".join(error.faults[:SHOWN])))
            refused = error
    if not evaluations:
        raise DataError(dict.fromkeys(problems)) if problems or refused is None else refused
    return compare(evaluations, rules, district=district, year=year, failed=failed)


def loaded(data: object) -> Data:
    """The data; :class:`ParameterError` for anything that :func:`perfeval.load` has not returned."""
    if isinstance(data, Data):
        return data
    hint = f"；请先 data = pe.load({str(data)!r})" if isinstance(data, str | Path) else ""
    raise ParameterError(f"须是 pe.load 读到的数据，现为{asked.kind(data)}{hint}")


def called(data: Data, name: str | None) -> str | None:
    """The id of the sub-district with this id, name or alias; the name itself where the data know none."""
    if name is None or name.strip() in set(data.sources["subdistrict"]):
        return name and name.strip()
    places = data.subdistricts
    callers = callings(places["id"], places["name"], places["aliases"])
    ids = callers.get(name.strip(), frozenset()) & set(data.sources["subdistrict"])
    if len(ids) > 1:
        raise NotOnFile(f"“{name}”同时指几个街道：{'、'.join(sorted(ids))}；请改用编号")
    return next(iter(ids), name)


def beside(data: Data) -> Path:
    """The folder that holds the data folder, from where the files were read (``data/<sub-district>/<year>/…``)."""
    above = Path(data.sources["file"].iloc[0]).absolute().parents[2:3] if len(data.sources) else ()
    if not above:  # nothing was read from such a folder
        return Path()
    folder = above[0]
    return folder.parent if folder.name != ".." else folder.resolve().parent


def _unit(data: Data, subdistrict: str | None, year: int | None) -> tuple[str, int]:
    """The one sub-district-year that is meant."""
    subdistrict = called(data, asked.one_text(subdistrict, "subdistrict"))
    held = data.sources[["subdistrict", "year"]].drop_duplicates()
    if subdistrict is not None:
        known = sorted(set(held["subdistrict"]))
        held = held[held["subdistrict"].eq(subdistrict)]
        if held.empty:
            raise NotOnFile(f"数据里没有街道“{subdistrict}”{nearest(subdistrict, known)}")
    if year is not None and year not in set(held["year"]):
        whose = f"街道“{subdistrict}”" if subdistrict is not None else "数据里"
        there = "、".join(map(str, sorted(set(held["year"])))) or "无"
        raise NotOnFile(f"{whose}没有{year}年度的数据；现有年度：{there}")
    held = held[held["year"].eq(year)] if year is not None else held
    if len(held) == 1:
        return str(held["subdistrict"].iloc[0]), int(held["year"].iloc[0])
    listed = "、".join(f"{name} {when}" for name, when in held.itertuples(index=False)) or "无"
    raise NotOnFile(f"须恰好指定一个街道的一个年度，现有：{listed}；请给出 subdistrict 和 year")


class _Held:
    """What is on file, in memory or in a folder, asked for in the same words."""

    def __init__(self, data: Data | str | Path) -> None:
        self._data = data
        if isinstance(data, Data):
            places = data.subdistricts
            self.districts = dict(zip(places["id"], places["district"], strict=True))
            self.names = dict(zip(places["id"], places["name"], strict=True))
            held = data.sources[["subdistrict", "year"]].drop_duplicates()
            self.folder, self.absent = beside(data), NOT_LOADED
        else:
            self._data = data = data_root(data)
            self.districts, self.names = dict(holdings.districts(data)), holdings.names(data)
            held = store.catalog(data)
            self.folder, self.absent = Path(data).resolve().parent, NO_DATA
        self.units = [(str(name), int(year)) for name, year in zip(held["subdistrict"], held["year"], strict=True)]
        self.districts |= {name: "" for name, _ in self.units if name not in self.districts}

    def of(self, subdistrict: str, year: int) -> Data:
        """The data of one office and year; :class:`DataError` where they have errors."""
        return self._data if isinstance(self._data, Data) else store.load(self._data, subdistrict, year)


def _has_year(held: _Held, district: str, members: set[str], year: int | None) -> None:
    """:class:`NotOnFile` where no office of the district has the year, with the years there are: none is guessed."""
    when = sorted({one for name, one in held.units if name in members})
    if year is None or year in when or not when:
        return
    others = sorted({held.districts[name] or "未写区县的街道" for name, one in held.units if one == year})
    elsewhere = f"；有这个年度的是{'、'.join(others)}" if others else ""
    raise NotOnFile(f"{district or '各街道'}没有{year}年度的数据；现有年度：{'、'.join(map(str, when))}{elsewhere}")


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
    raise NotOnFile(f"没有{what}“{wanted}”的数据{nearest(str(wanted), map(str, there)) or f'：{NOTHING_YET}'}")

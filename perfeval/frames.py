"""The public frames: everything on file as tidy frames, and what follows from them.

From a data folder they are read through the store (:mod:`perfeval.analysis.rows`) under the project's outputs; from an
evaluation, a history, peers or loaded data they are made straight from those. Columns, dtypes and order are the same
either way: by district, office, year and row.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.analysis import rulesets
from perfeval.analysis.rows import derived, fragments, tidy
from perfeval.analysis.rows.identity import track_ids
from perfeval.analysis.rows.keeping import Answer, Store, columns_of, standing, stands
from perfeval.analysis.rows.tidy import Owner
from perfeval.evaluating import called, evaluate
from perfeval.evaluating import history as history_of
from perfeval.ingest import holdings, locating, store
from perfeval.ingest.directory import data_root
from perfeval.model import asked, fiction
from perfeval.model.asked import Years
from perfeval.model.column import SYNTHETIC
from perfeval.model.columns import frame_of, names
from perfeval.model.data import Data
from perfeval.model.errors import NOTHING_YET, DataError, NotOnFile, ParameterError, PerfevalError, in_one_line, nearest
from perfeval.model.history import History
from perfeval.model.parallel import cores, spread
from perfeval.model.peers import NO_DATA, Peers
from perfeval.model.results import Evaluation
from perfeval.model.ruleset import RuleSet
from perfeval.rules import find

Held = Evaluation | History | Peers | Data
Source = str | Path | Held
Names = str | Iterable[str] | None
DEFAULT = "hubei"
LISTED = 3
"""How many office-years that cannot be used a line names."""
REPORT = "PERFEVAL_REPORT"
"""Set where a report is made: its page says itself who is missing."""
_TOLD: set[tuple[object, ...]] = set()
"""What has been said once."""


@asked.named
def rows(
    source: Source = "",
    *,
    ruleset: str | RuleSet = "hubei",
    subdistrict: Names = None,
    district: str | None = None,
    years: Years = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Every indicator of every office and year: as printed, as read, judged, scored, and where it came from.

    One row an indicator; ``pe.columns("rows")`` says what each column means. Money is 万元, rates and attainment are
    ratios (1.0 = 100 %), scores are points. ``status`` is ordered: 完成 < 部分完成 < 未完成 < 凭申报完成 < 无法判定;
    the last two are neither met nor missed. ``track`` is empty where ``source`` is one year alone.

    ``source`` is a data folder (``""`` that of the notebook's project) or what ``load``, ``evaluate``, ``history`` or
    ``peers`` returned; or a store as it stands, without the data (``outputs/rows/hubei``; offices then by id only).
    ``subdistrict`` is an id, name or alias, or several; ``district`` a district; ``years`` 2024, "2024", "2022-2024", a
    ``range`` or a list; ``columns`` some of the columns, which is faster.
    Office-years whose data have errors are left out: ``attrs["left_out"]`` names them with the reason, a line on stderr
    says so once, :func:`register` lists them.
    Raises :class:`NotOnFile`, :class:`RuleSetError`, :class:`ParameterError`.

    ``pe.rows().query("status == '未完成'").nlargest(10, "lost")[["name", "year", "indicator", "lost"]]``
    """
    return _frame("rows", source, ruleset, _Asked.of(subdistrict, district, years), columns)


@asked.named
def money(
    source: Source = "",
    *,
    ruleset: str | RuleSet = "hubei",
    subdistrict: Names = None,
    district: str | None = None,
    years: Years = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Every budget item of every office and year, 万元 (``pe.columns("money")``); arguments as in :func:`rows`.

    Items are totals and their parts beside one another: add up rows of one ``role`` only. What the whole office has
    spent stands in :func:`scores`.
    """
    return _frame("money", source, ruleset, _Asked.of(subdistrict, district, years), columns)


@asked.named
def scores(
    source: Source = "",
    *,
    ruleset: str | RuleSet = "hubei",
    subdistrict: Names = None,
    district: str | None = None,
    years: Years = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row an office and year: money, counts, bounds of completion, totals and findings (``pe.columns("scores")``).

    Arguments as in :func:`rows`. ``score_low`` and ``score_high`` are over both bases and all rule sets
    out of the same points, the highest with every row that nothing decides met. Where ``state`` is not 已复算 there is
    no score: NaN, never 0.
    """
    return _frame("scores", source, ruleset, _Asked.of(subdistrict, district, years), columns)


@asked.named
def findings(
    source: Source = "",
    *,
    ruleset: str | RuleSet = "hubei",
    subdistrict: Names = None,
    district: str | None = None,
    years: Years = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Every finding of every office and year, the gravest of each first (``pe.columns("findings")``).

    Arguments as in :func:`rows`. Suppressed findings are not among them.
    """
    return _frame("findings", source, ruleset, _Asked.of(subdistrict, district, years), columns)


@asked.named
def register(
    source: Source = "", *, ruleset: str | RuleSet = "hubei", district: str | None = None, years: Years = None
) -> pd.DataFrame:
    """Every office of the directory in every year: whether its data are on file and can be used, else why not.

    ``pe.columns("register")``; arguments as in :func:`rows`. The years are those asked for, else all from the first to
    the last on file. n of m: ``register["on_file"].sum()`` of ``len(register)``.
    """
    wanted = _Asked.of(None, district, years)
    if isinstance(source, Held):
        found = _evaluations(source, ruleset, wanted)[0]
        places = {one.subdistrict: (one.district, one.name) for one in found}
        known = {tidy.owner(one): "" for one in found}
        failed: dict[Owner, str] = {}
        if isinstance(source, Peers):
            left = source.failed.itertuples(index=False, name=None)
            for subdistrict, name, why in left:
                places[subdistrict], failed[subdistrict, source.year] = (source.district, name), why
    else:
        kept = _store(source, ruleset)
        answer = _read("scores", kept, replace(wanted, years=None), ["year"])
        districts, called_ = holdings.districts(kept.root), holdings.names(kept.root)
        ids = sorted({*districts, *(name for name, _ in answer.on_file)})
        places = {name: (districts.get(name, ""), called_.get(name, name)) for name in ids}
        known = {owner: answer.why[owner] for owner, usable in answer.on_file.items() if usable}
        failed = {owner: answer.why[owner] for owner, usable in answer.on_file.items() if not usable}
    seen = sorted({year for _, year in (*known, *failed)})
    span = wanted.years if wanted.years is not None else range(seen[0], seen[-1] + 1) if seen else ()
    return frame_of(
        "register",
        [
            (name, title, of, year, (name, year) in known, (known | failed).get((name, year), NO_DATA.format(year)))
            for name, (of, title) in sorted(places.items(), key=lambda one: (one[1][0], one[0]))
            if district is None or of == district
            for year in sorted(span)
        ],
    )


@asked.named
def completion(
    source: Source | pd.DataFrame = "",
    by: str | Sequence[str] = (),
    *,
    ruleset: str | RuleSet = "hubei",
    subdistrict: Names = None,
    district: str | None = None,
    years: Years = None,
) -> pd.DataFrame:
    """How many indicators were met, by any columns of :func:`rows`: ``pe.completion(rows, ["year", "category"])``.

    One row for each combination of ``by`` that occurs (one for all where it is empty): those columns, then rows, met,
    partly, missed, declared, undecided (which add up to rows), most (how many can have been met), low and high (met ÷
    rows and most ÷ rows: what is undecided makes a range). ``source`` is a frame of :func:`rows`, filtered as you like,
    or what that takes, with its other arguments; then only the columns that are needed are read.
    """
    if isinstance(source, pd.DataFrame):
        return derived.completion(source, by)
    keys = asked.among(by or None, names("rows"), "by") or []
    wanted = _Asked.of(subdistrict, district, years)
    if keys and not isinstance(source, Held):
        needed = list(dict.fromkeys((*keys, "status")))
        if _stands(source) and wanted == _Asked(None, None, None):
            return derived.completion_of(_noted(columns_of(Path(source), "rows", _marked(needed))), keys)
    return derived.completion(_frame("rows", source, ruleset, wanted, list(dict.fromkeys((*keys, "status")))), keys)


@asked.named
def decomposition(
    source: Source = "",
    *,
    ruleset: str | RuleSet = "hubei",
    subdistrict: Names = None,
    district: str | None = None,
    years: Years = None,
) -> pd.DataFrame:
    """Why each office's score moved from year to year, in points (``pe.columns("decomposition")``).

    targets + actuals + weights + indicators + execution + other = after − before. ``source`` is a history, loaded data
    or a data folder; the other arguments as in :func:`rows`. Every year is evaluated anew: about a second an office.
    """
    wanted = _Asked.of(subdistrict, district, years)
    if isinstance(source, Evaluation | Peers):
        raise ParameterError("得分变化的分解要有几个年度：须是 pe.history 的结果、pe.load 读到的数据或数据目录")
    if isinstance(source, History):
        _same_rules(source.ruleset, ruleset)
        return _decomposed([source])
    if isinstance(source, Data):
        ids = sorted(set(source.sources["subdistrict"]), key=lambda name: (_district(source, name), name))
        return _decomposed(
            [history_of(source, ruleset, subdistrict=name) for name in ids if wanted.office(source, name)]
        )
    kept = _store(source, ruleset)
    answer = _read("scores", kept, wanted, ["subdistrict", "year"])
    usable = fragments.pandas("scores", answer.table, ["subdistrict", "year"])
    held = usable.groupby("subdistrict", sort=False)["year"].agg(list)
    offices = [(str(name), sorted(years)) for name, years in held.items()]
    histories = spread(partial(_history_of, kept.root, kept.rules), offices, cores())
    found = list(zip(offices, histories, strict=True))
    for (name, on_file), one in found:
        if isinstance(one, str):
            answer.on_file |= dict.fromkeys(((name, year) for year in on_file), False)
            answer.why |= dict.fromkeys(((name, year) for year in on_file), one)
    return _told(_decomposed([one for _, one in found if isinstance(one, History)]), answer, wanted)


def _history_of(root: Path, rules: RuleSet, office: tuple[str, list[int]]) -> History | str:
    """The history of an office, or why there is none: what a person decided about its indicators has errors."""
    try:
        return history_of(store.load(root, *office), rules)
    except DataError as error:
        return in_one_line(error)


def _decomposed(histories: Iterable[History]) -> pd.DataFrame:
    found = []
    for one in histories:
        place = {name: getattr(one, name) for name in ("subdistrict", "name", "district")}
        found += [place | record for record in one.decomposition.to_dict("records")]
    return frame_of("decomposition", found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which offices and years are meant, as far as they can be told without the data."""

    subdistricts: list[str] | None
    district: str | None
    years: set[int] | range | None

    @classmethod
    def of(cls, subdistrict: Names, district: str | None, years: Years) -> "_Asked":
        """The arguments as users write them; :class:`ParameterError` for a wrong kind."""
        names = asked.texts(subdistrict, "subdistrict")
        return cls(names, asked.one_text(district, "district"), asked.years(years))

    def year(self, year: int) -> bool:
        """Whether a year is meant."""
        return self.years is None or year in self.years

    def office(self, data: Data, name: str) -> bool:
        """Whether an office of loaded data is meant."""
        if self.district is not None and _district(data, name) != self.district:
            return False
        return self.subdistricts is None or name in {called(data, one) for one in self.subdistricts}


def _district(data: Data, name: str) -> str:
    return str(data.subdistricts.drop_duplicates("id").set_index("id")["district"].get(name, ""))


def _frame(
    frame: str, source: Source, ruleset: str | RuleSet, wanted: _Asked, columns: Sequence[str] | None
) -> pd.DataFrame:
    chosen = asked.among(columns, names(frame), "columns")
    if isinstance(source, Held):
        evaluations, tracks = _evaluations(source, ruleset, wanted)
        made = tidy.frames(evaluations, tracks, [frame])[frame]
        return made if chosen is None else made[chosen]
    answer = _standing(frame, Path(source), wanted, chosen) if _stands(source) else None
    answer = answer or _read(frame, _store(source, ruleset), wanted, chosen)
    return _told(fragments.pandas(frame, answer.table, chosen), answer, wanted)


def _evaluations(
    source: Held, ruleset: str | RuleSet, wanted: _Asked
) -> tuple[list[Evaluation], dict[Owner, list[str]]]:
    """The evaluations that are meant, by district, office and year, and the tracks where they can be known."""
    tracks: dict[Owner, list[str]] = {}
    if isinstance(source, Data):
        found = _of_data(source, ruleset, wanted, tracks)
    else:
        _same_rules(source.ruleset, ruleset)
        found = [source] if isinstance(source, Evaluation) else list(source.evaluations.values())
        if isinstance(source, History):
            tracks |= _tracks(source)
        if wanted.subdistricts is not None:
            found = [one for one in found if {one.subdistrict, one.name} & set(wanted.subdistricts)]
        if wanted.district is not None:
            found = [one for one in found if one.district == wanted.district]
    kept = [one for one in found if wanted.year(one.year)]
    return sorted(kept, key=lambda one: (one.district, one.subdistrict, one.year)), tracks


def _of_data(data: Data, ruleset: str | RuleSet, wanted: _Asked, tracks: dict[Owner, list[str]]) -> list[Evaluation]:
    found: list[Evaluation] = []
    held = data.sources[["subdistrict", "year"]].drop_duplicates().groupby("subdistrict")["year"].agg(list)
    for name, years in held.items():
        if not wanted.office(data, str(name)):
            continue
        if len(years) > 1:
            history = history_of(data, ruleset, subdistrict=str(name))
            found += history.evaluations.values()
            tracks |= _tracks(history)
        elif wanted.year(years[0]):
            found.append(evaluate(data, ruleset, subdistrict=str(name), year=years[0]))
    return found


def _tracks(history: History) -> dict[Owner, list[str]]:
    """The track ids of a history's rows; none of a single year."""
    if len(history.years) < 2:  # noqa: PLR2004  # where an indicator began is not known from one year
        return {}
    held = history.indicators
    ids = track_ids(
        history.subdistrict, {year: held.loc[held["year"].eq(year), "track"].tolist() for year in history.years}
    )
    return {(history.subdistrict, year): tracks for year, tracks in ids.items()}


def _same_rules(held: RuleSet, ruleset: str | RuleSet) -> None:
    """What was evaluated under other rules is not taken for what was asked for; unasked, its own rules hold."""
    wanted = ruleset if isinstance(ruleset, str) else ruleset.name
    if wanted not in (DEFAULT, held.name) or (isinstance(ruleset, RuleSet) and ruleset != held):
        raise ParameterError(f"结果是按“{held.name}”规则评价的，不能改作“{wanted}”；请按这套规则重新评价")


def _stands(source: str | Path) -> bool:
    """Whether the store itself is given (``outputs/rows/hubei``): it is read as it stands."""
    return asked.folder(source, "source") != "" and stands(Path(source))


def _standing(frame: str, folder: Path, wanted: _Asked, columns: Sequence[str] | None) -> Answer:
    answer = standing(
        folder,
        frame,
        subdistricts=wanted.subdistricts,
        district=wanted.district,
        years=wanted.years,
        columns=columns and _marked(columns),
    )
    _there(answer, wanted.subdistricts, wanted)
    _noted(answer.table)
    return answer


def _marked(columns: Sequence[str]) -> list[str]:
    """These columns, and the one that says of a row whether it is fictional."""
    return list(dict.fromkeys([*columns, SYNTHETIC.name]))


def _noted(table: Any) -> Any:
    """The table, once it is noted whether its rows are fictional: whatever is read from a store passes here."""
    fiction.read(table.column(SYNTHETIC.name).unique().to_pylist())
    return table


@asked.named
def stored(source: str | Path = "", *, ruleset: str | RuleSet = "hubei") -> Path:
    """The Parquet files behind the frames, up to date: their folder. :class:`PerfevalError` where it is unwritable."""
    if _stands(source):
        return Path(source)
    kept = _store(source, ruleset)
    answer = _read("scores", kept, _Asked.of(None, None, None), ["year"])
    if answer.unwritten:
        raise PerfevalError(answer.unwritten)
    return kept.folder


def _store(source: str | Path, ruleset: str | RuleSet) -> Store:
    """The store of a data folder under a rule set."""
    root = data_root(locating.data_folder(asked.folder(source, "source")))
    rules = find(ruleset, root.resolve().parent)
    return Store(_folder(root, locating.outputs_folder(source if source == "" else root), rules), root, rules)


def _read(frame: str, kept: Store, wanted: _Asked, columns: Sequence[str] | None) -> Answer:
    """What is asked for through the store; :class:`NotOnFile` for what is not there."""
    ids = wanted.subdistricts and sorted({holdings.resolve(kept.root, one) for one in wanted.subdistricts})
    known = set() if wanted.district is None else set(holdings.districts(kept.root).values()) - {""}
    if wanted.district is not None and wanted.district not in known:
        raise NotOnFile(f"没有名为“{wanted.district}”的区县{nearest(wanted.district, known) or f'：{NOTHING_YET}'}")
    answer = kept.read(
        frame,
        subdistricts=ids,
        district=wanted.district,
        years=wanted.years,
        columns=columns and _marked(columns),
        progress=_bar,
    )
    _there(answer, ids, wanted)
    _noted(answer.table)
    if answer.unwritten:
        line = f"评价结果没有存下来（outputs：{answer.unwritten}），这次在内存里计算，下次要重算"
        _once(("unwritten", kept.folder), line)
    return answer


def _there(answer: Answer, ids: Iterable[str] | None, wanted: _Asked) -> None:
    """:class:`NotOnFile` for an office without data, and for a year that no office has."""
    without = [name for name in ids or () if not any(name == one for one, _ in answer.on_file)]
    if without:
        raise NotOnFile(f"街道“{'、'.join(without)}”没有任何年度的数据")
    if not answer.on_file:
        raise NotOnFile(NOTHING_YET.replace("数据目录里", wanted.district or "数据目录里"))
    held = {year for _, year in answer.on_file}
    missing = set(wanted.years or ()) - held if not isinstance(wanted.years, range) else set()
    if missing or (wanted.years is not None and not held & set(wanted.years)):
        shown = "、".join(map(str, sorted(missing or wanted.years or ())))
        raise NotOnFile(f"没有{shown}年度的数据；现有年度：{'、'.join(map(str, sorted(held)))}")


def _folder(root: Path, outputs: Path, rules: RuleSet) -> Path:
    """Where the store of a data folder under a rule set is: ``outputs/rows/hubei``.

    Rules that are no preset, and data that are not the project's own, have a hash in the name.
    """
    held = rules.name in rulesets.names() and rulesets.preset(rules.name) == rules
    name = rules.name if held else f"{Path(rules.name).stem}-{_short(rules.name)}"
    if locating.own(root):
        return outputs / "rows" / name
    try:
        where = os.path.relpath(os.path.realpath(root), os.path.realpath(outputs))
    except ValueError:  # another drive
        where = os.path.realpath(root)
    return outputs / "rows" / f"{name}@{root.resolve().name}-{_short(Path(where).as_posix())}"


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _told(frame: pd.DataFrame, answer: Answer, wanted: _Asked) -> pd.DataFrame:
    """The frame, with who is left out beside it, and said once."""
    left = sorted((*owner, answer.why[owner]) for owner, usable in answer.on_file.items() if not usable)
    left = [one for one in left if wanted.year(one[1])]
    if left:
        frame.attrs["left_out"] = left
        listed = "；".join(f"{name} {year}年度：{why}" for name, year, why in left[:LISTED])
        more = "……" if len(left) > LISTED else ""
        _once(
            tuple(left),
            f"有{len(left)}个街道年度的数据不能用，不在表内（pe.register 逐个列出）：{listed}{more}",
        )
    return frame


def _once(about: tuple[object, ...], line: str) -> None:
    """A line on stderr, said once; not where a report is made, whose page says it."""
    if about not in _TOLD and not os.environ.get(REPORT):
        _TOLD.add(about)
        print(line, file=sys.stderr)  # noqa: T201  # what a notebook shows beside its cell


@contextmanager
def _bar() -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal and in a notebook, from the second second on; nothing elsewhere."""
    from tqdm import tqdm  # noqa: PLC0415  # only where something is to be made

    notebook = "ipykernel" in sys.modules and not sys.stderr.isatty()
    quiet = bool(os.environ.get(REPORT)) or not (notebook or sys.stderr.isatty())
    # a notebook keeps a line of what is written: not on stderr, which it shows as a fault, and never an empty one
    stream, left = (sys.stdout, True) if notebook else (sys.stderr, False)
    with tqdm(desc="评价各街道各年度", unit="步", file=stream, disable=quiet, leave=left, delay=1) as shown:

        def advance(total: int) -> None:
            shown.total = total
            shown.update()

        yield advance

"""Reading through the store: what was asked for, brought up to date first where anything changed.

Whoever renews holds the folder's lock; whoever reads needs none: a file says itself what it was made from, and one that
is replaced meanwhile is read again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
from filelock import FileLock

from perfeval.analysis.rows import parquet, sealing
from perfeval.analysis.rows.fragments import Made, Piece, Tables, base, make
from perfeval.analysis.rows.parquet import NOTHING, Contents, File, Fragment, Office
from perfeval.ingest import holdings
from perfeval.model.columns import STORED
from perfeval.model.errors import PerfevalError, reason
from perfeval.model.parallel import LEAST, cores, spread
from perfeval.model.ruleset import RuleSet

LOCK = ".lock"
ATTEMPTS = 5
"""How often a file that another process replaces meanwhile is looked at again."""
SHARES = 4
"""Parts for each core that the files of a whole store are read in: one task a file is one wait a file."""
Prints = tuple[str, dict[int, str]]
"""What an office depends on: fingerprint of everything, and of each year."""
Held = dict[str, Prints]
Owner = tuple[str, int]
Progress = Callable[[], AbstractContextManager[Callable[[int], None]]]


@dataclass(slots=True)
class Answer:
    """What was asked for."""

    table: pa.Table
    """In the order of district, office and year."""
    on_file: dict[Owner, bool] = field(default_factory=dict)
    """Every office-year that has a folder, and whether it can be used."""
    why: dict[Owner, str] = field(default_factory=dict)
    """Why it cannot, or what else there is to know of it."""
    unwritten: str = ""
    """Why the files could not be written; the answer is from memory then."""


@dataclass(slots=True)
class Kept:
    """A group's tables that could not be written."""

    tables: Tables
    contents: dict[str, Contents]


_MEMORY: dict[Path, dict[str, Kept]] = {}
"""By folder and group, for as long as the program runs."""


class Store:
    """The store of one data folder under one rule set."""

    def __init__(self, folder: Path, root: Path, rules: RuleSet) -> None:
        self.folder, self.root, self.rules = folder, root, rules
        self.base = base(rules)
        self._unwritten = ""

    def read(
        self,
        frame: str,
        *,
        subdistricts: Iterable[str] | None = None,
        district: str | None = None,
        years: Iterable[int] | None = None,
        columns: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """A frame of the offices (ids), district and years asked for; of ``columns`` only these.

        ``progress`` opens a bar when there is something to make: to be called with the whole number once a piece.
        """
        asked = None if years is None else set(years)
        wanted, covered = self._wanted(subdistricts, district)
        for _ in range(ATTEMPTS):
            self._renew(frame, wanted, covered, subdistricts is None and district is None, progress)
            answer = self._read(frame, wanted, asked, columns)
            if answer is not None:
                answer.unwritten = self._unwritten
                return answer
        raise PerfevalError("评价结果的存储一再被其他程序改动，请稍后再试")

    def _wanted(self, subdistricts: Iterable[str] | None, district: str | None) -> tuple[dict[str, Held], bool]:
        """What is asked for by group, as it now is on file; and whether that is every office of these groups."""
        districts = holdings.districts(self.root)
        covered = subdistricts is None
        if subdistricts is None and district is not None:
            subdistricts = [name for name, of in districts.items() if of == district]
        found: dict[str, Held] = {}
        for name, prints in holdings.fingerprints(self.root, subdistricts).items():
            if district is None or districts.get(name, "") == district:
                whole, years = prints
                found.setdefault(parquet.group_of(name, districts.get(name, "")), {})[name] = (whole, years)
        return dict(
            sorted(found.items(), key=lambda item: (not item[0].startswith(parquet.UNLISTED), item[0]))
        ), covered

    def opened(self, frame: str, group: str) -> File | None:
        """The file of a group, or what is in memory in its place."""
        kept = _MEMORY.get(self.folder, {}).get(group)
        if kept is not None:
            return File(kept.contents[frame], kept.tables[frame])
        return parquet.opened(self.folder, frame, group)

    def _contents(self, frame: str, group: str) -> Contents:
        """What the file of a group holds that was made by this program; nothing where it is damaged or older."""
        file = self.opened(frame, group)
        if file is None:
            return NOTHING
        file.close()
        return file.contents if file.contents.base == self.base else NOTHING

    def _stale(self, frame: str, wanted: Mapping[str, Held], covered: bool) -> list[str]:
        """The groups in which something is to be renewed or removed."""
        found = []
        for group, held in wanted.items():
            there = self._contents(frame, group).offices
            old = any(name not in there or there[name].print != whole for name, (whole, _) in held.items())
            if old or (covered and there.keys() - held.keys()):
                found.append(group)
        return found

    def _renew(
        self, frame: str, wanted: Mapping[str, Held], covered: bool, everything: bool, progress: Progress | None
    ) -> None:
        gone = set(parquet.groups(self.folder)) - wanted.keys() if everything else set()
        if not gone and not self._stale(frame, wanted, covered):
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK)
            lock.acquire()
        except OSError as error:
            self._make(frame, wanted, covered, progress, reason(error)[0])
            return
        try:
            parquet.sweep(self.folder)
            self._make(frame, wanted, covered, progress, "")
            for group in gone:
                parquet.remove(self.folder, group)
        finally:
            lock.release()

    def _make(
        self, frame: str, wanted: Mapping[str, Held], covered: bool, progress: Progress | None, unwritten: str
    ) -> None:
        """Make and write what is stale; keep in memory what cannot be written."""
        stale = {group: wanted[group] for group in self._stale(frame, wanted, covered)}
        memory = _MEMORY.setdefault(self.folder, {})
        for group, kept in self._made(stale, covered, progress):
            if not unwritten:
                try:
                    self._write(group, kept)
                except OSError as error:
                    unwritten = reason(error)[0]
                else:
                    memory.pop(group, None)
                    continue
            memory[group] = kept
        self._unwritten = unwritten if memory else ""

    def _write(self, group: str, kept: Kept) -> None:
        if not kept.contents[STORED[0]].offices:
            parquet.remove(self.folder, group)
            return
        before = self._contents(STORED[0], group).offices
        parquet.write(self.folder, group, kept.tables, kept.contents)
        new = kept.contents[STORED[0]].offices.keys() - before.keys()
        for other in parquet.groups(self.folder) if before and new else ():
            if other != group:
                self._forget(other, new)

    def _forget(self, group: str, offices: Iterable[str]) -> None:
        """Remove offices that have moved to another district."""
        there = self._contents(STORED[0], group).offices
        if not there.keys().isdisjoint(offices):
            held: Held = {}
            left = _Group(self, group, held, covered=False, without=set(offices))
            self._write(group, left.result({}))

    def _made(self, stale: Mapping[str, Held], covered: bool, progress: Progress | None) -> Iterator[tuple[str, Kept]]:
        """The new tables of each group, one after the other."""
        plans = {group: _Group(self, group, held, covered=covered) for group, held in stale.items()}
        pieces = [(group, piece) for group, plan in plans.items() for piece in plan.pieces(self.root, self.rules)]
        if len(pieces) < LEAST <= sum(len(piece.years) for _, piece in pieces):
            pieces = [(group, part) for group, piece in pieces for part in _years(piece)]
        waiting = {group: sum(1 for of, _ in pieces if of == group) for group in plans}
        for group in [group for group, left in waiting.items() if not left]:
            yield group, plans.pop(group).result({})
        results: dict[str, dict[str, Made]] = {}
        with nullcontext(lambda _: None) if progress is None or not pieces else progress() as advance:
            made = spread(make, [piece for _, piece in pieces], cores())
            for (group, piece), found in zip(pieces, made, strict=True):
                _merge(results.setdefault(group, {}).setdefault(piece.subdistrict, Made()), found)
                advance(len(pieces))
                waiting[group] -= 1
                if not waiting[group]:
                    yield group, plans.pop(group).result(results.pop(group))

    def _read(
        self, frame: str, wanted: Mapping[str, Held], years: set[int] | None, columns: Sequence[str] | None
    ) -> Answer | None:
        """What is asked for, from the files; None where one of them has been replaced meanwhile."""
        answer = Answer(parquet.empty(frame, columns))

        def part(group: str) -> tuple[pa.Table, Contents] | None:
            return self._part(frame, group, wanted[group], years, columns)

        with ThreadPoolExecutor(cores()) if len(wanted) > 1 else nullcontext() as pool:
            found_ = map(part, wanted) if pool is None else pool.map(part, wanted)
            parts = dict(zip(wanted, found_, strict=True))
        unlisted: list[tuple[str, pa.Table]] = []
        tables: list[pa.Table] = []
        for group, found in parts.items():
            if found is None:
                return None
            table, there = found
            for name in wanted[group]:
                for year, fragment in there.offices[name].years.items():
                    answer.on_file[name, year] = not fragment.why
                    answer.why[name, year] = fragment.why or there.offices[name].note
            if group.startswith(parquet.UNLISTED):
                unlisted += _by_office(table, there, wanted[group], years)
            else:
                tables.append(table)
        first = [table for _, table in sorted(unlisted, key=lambda one: one[0])]
        answer.table = pa.concat_tables([answer.table, *first, *tables])
        return answer

    def _part(
        self, frame: str, group: str, held: Held, years: set[int] | None, columns: Sequence[str] | None
    ) -> tuple[pa.Table, Contents] | None:
        file = self.opened(frame, group)
        if file is None:
            return None
        try:
            there = file.contents
            if there.base != self.base or any(
                name not in there.offices or there.offices[name].print != whole for name, (whole, _) in held.items()
            ):
                return None
            return file.table(_ranges(there, held, years), columns), there
        except parquet.DAMAGED:
            file.close()
            if not isinstance(file.held, pa.Table):
                parquet.remove(self.folder, group)
            return None
        finally:
            file.close()


def stands(folder: Path) -> bool:
    """Whether a folder is a store, to be read as it stands."""
    return any((folder / STORED[0]).glob(f"*{parquet.SUFFIX}"))


def standing(
    folder: Path,
    frame: str,
    *,
    subdistricts: Iterable[str] | None = None,
    district: str | None = None,
    years: Iterable[int] | None = None,
    columns: Sequence[str] | None = None,
) -> Answer:
    """A frame from a store's folder alone, without the data it was made from: nothing is brought up to date."""
    asked = None if years is None else set(years)
    names = None if subdistricts is None else set(subdistricts)
    answer = Answer(parquet.empty(frame, columns))

    def part(group: str) -> tuple[pa.Table, Contents, list[str]] | None:
        file = parquet.opened(folder, frame, group)
        if file is None:
            return None
        try:
            held = [name for name in file.contents.offices if names is None or name in names]
            return file.table(_ranges(file.contents, held, asked), columns), file.contents, held
        except parquet.DAMAGED:
            return None
        finally:
            file.close()

    chosen = [group for group in parquet.groups(folder) if district in (None, group)]
    chosen.sort(key=lambda group: (not group.startswith(parquet.UNLISTED), group))
    with ThreadPoolExecutor(cores()) as pool:
        parts = list(pool.map(part, chosen))
    for group, found in zip(chosen, parts, strict=True):
        if found is None:
            raise _spoilt(folder, frame, group)
        _, there, held = found
        for name in held:
            office = there.offices[name]
            answer.on_file |= {(name, year): not one.why for year, one in office.years.items()}
            answer.why |= {(name, year): one.why or office.note for year, one in office.years.items()}
    answer.table = pa.concat_tables([answer.table, *(found[0] for found in parts if found is not None)])
    return answer


def columns_of(folder: Path, frame: str, columns: Sequence[str]) -> pa.Table:
    """Some columns of everything in a store's folder, in no particular order: the quickest way to count."""

    def part(groups: Sequence[str]) -> pa.Table:
        tables = [parquet.empty(frame, columns)]
        for group in groups:
            try:
                held = sealing.opened(parquet.path_of(folder, frame, group), frame)
                try:
                    tables.append(held.read(range(held.held.num_row_groups), columns))
                finally:
                    held.close()
            except parquet.DAMAGED as error:
                raise _spoilt(folder, frame, group) from error
        return pa.concat_tables(tables)

    groups, shares = parquet.groups(folder, frame), SHARES * cores()
    with ThreadPoolExecutor(cores()) as pool:
        return pa.concat_tables(pool.map(part, [groups[first::shares] for first in range(shares)]))


def _spoilt(folder: Path, frame: str, group: str) -> PerfevalError:
    """What is to be said of a file that is not made anew here."""
    return PerfevalError(f"{folder.name}/{frame}/{group}{parquet.SUFFIX} 已损坏，或由别的版本生成；请重新生成")


class _Group:
    """The renewal of one group: what is kept of its files, what is to be made, and the new tables."""

    def __init__(self, store_: Store, group: str, held: Held, *, covered: bool, without: Iterable[str] = ()) -> None:
        self._base, self._held = store_.base, held
        self._contents, self._tables = _all_of(store_, group)
        known = [self._contents[frame].offices for frame in STORED]
        gone = set(without) | (known[0].keys() - held.keys() if covered else set())
        self._kept = {
            name
            for name in known[0].keys() - gone
            if all(name in one for one in known)
            and (name not in held or all(one[name].print == held[name][0] for one in known))
        }
        self._same = {name: self._unchanged(name, known) for name in held.keys() - self._kept}

    def _unchanged(self, name: str, known: Sequence[Mapping[str, Office]]) -> set[int]:
        """The years of an office whose fragments can stay as they are but for the tracks."""
        prints = self._held[name][1]
        return {
            year
            for year, now in prints.items()
            if all(name in one and year in one[name].years and one[name].years[year].print == now for one in known)
        }

    def pieces(self, root: Path, rules: RuleSet) -> list[Piece]:
        """The work to be done, an office each."""
        return [
            Piece(root, name, tuple(sorted(self._held[name][1].keys() - same)), tuple(self._held[name][1]), rules)
            for name, same in sorted(self._same.items())
        ]

    def result(self, made: Mapping[str, Made]) -> Kept:
        """The new tables, from what was made of each office."""
        tables: dict[str, list[pa.Table]] = {frame: [parquet.empty(frame)] for frame in STORED}
        offices: dict[str, dict[str, Office]] = {frame: {} for frame in STORED}
        starts = dict.fromkeys(STORED, 0)
        for name in sorted(self._kept | self._same.keys()):
            for frame in STORED:
                fragments: dict[int, Fragment] = {}
                for year, (now, why, table) in self._years(frame, name, made.get(name)).items():
                    fragments[year] = Fragment(now, starts[frame], table.num_rows, why)
                    starts[frame] += table.num_rows
                    tables[frame].append(table)
                offices[frame][name] = self._office(frame, name, made.get(name), fragments)
        return Kept(
            {frame: pa.concat_tables(parts) for frame, parts in tables.items()},
            {frame: Contents(self._base, held) for frame, held in offices.items()},
        )

    def _office(self, frame: str, name: str, made: Made | None, years: dict[int, Fragment]) -> Office:
        if made is None:
            return Office(self._contents[frame].offices[name].print, self._contents[frame].offices[name].note, years)
        return Office(self._held[name][0], made.note, years)

    def _years(self, frame: str, name: str, made: Made | None) -> dict[int, tuple[str, str, pa.Table]]:
        """By year: what it was made from, why there is nothing of it, and its rows."""
        found = {}
        prints = self._contents[frame].offices[name].years if made is None else self._held[name][1]
        for year in sorted(prints):
            if made is not None and year not in self._same[name]:
                table = made.tables[year][frame] if year in made.tables else parquet.empty(frame)
                found[year] = (self._held[name][1][year], made.failed.get(year, ""), table)
            else:
                old = self._contents[frame].offices[name].years[year]
                found[year] = (old.print, old.why, self._tables[frame].slice(old.start, old.count))
            if frame == "rows" and made is not None:
                print_, why, table = found[year]
                found[year] = (print_, why, _tracked(table, made.tracks.get(year)))
        return found


def _all_of(store_: Store, group: str) -> tuple[dict[str, Contents], Tables]:
    """Contents and rows of all files of a group; nothing where one of them is not there, damaged or older."""
    contents, tables = {}, {}
    for frame in STORED:
        file = store_.opened(frame, group)
        if file is None or file.contents.base != store_.base:
            return dict.fromkeys(STORED, NOTHING), {one: parquet.empty(one) for one in STORED}
        try:
            contents[frame], tables[frame] = file.contents, file.whole()
        except parquet.DAMAGED:
            return dict.fromkeys(STORED, NOTHING), {one: parquet.empty(one) for one in STORED}
        finally:
            file.close()
    return contents, tables


def _tracked(table: pa.Table, tracks: Sequence[str] | None) -> pa.Table:
    held = pa.array([""] * table.num_rows if tracks is None or not table.num_rows else list(tracks), pa.string())
    return table.set_column(table.schema.get_field_index("track"), table.schema.field("track"), held)


def _years(piece: Piece) -> list[Piece]:
    """An office's work, a year each, and its tracks."""
    years = [replace(piece, years=(year,), every=()) for year in piece.years]
    return [*years, replace(piece, years=())]


def _merge(whole: Made, part: Made) -> None:
    whole.tables |= part.tables
    whole.failed |= part.failed
    whole.tracks |= part.tracks
    whole.note = whole.note or part.note


def _ranges(there: Contents, held: Iterable[str], years: set[int] | None) -> list[tuple[int, int]]:
    """Where the rows of these offices and years are: (start, stop), neighbours joined."""
    found: list[tuple[int, int]] = []
    for name in sorted(held):
        for year, one in there.offices[name].years.items():
            if one.count and (years is None or year in years):
                if found and found[-1][1] == one.start:
                    found[-1] = (found[-1][0], one.start + one.count)
                else:
                    found.append((one.start, one.start + one.count))
    return found


def _by_office(
    table: pa.Table, there: Contents, held: Iterable[str], years: set[int] | None
) -> list[tuple[str, pa.Table]]:
    """The table cut by office."""
    found, start = [], 0
    for name in sorted(held):
        count = sum(one.count for year, one in there.offices[name].years.items() if years is None or year in years)
        found.append((name, table.slice(start, count)))
        start += count
    return found

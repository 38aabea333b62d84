"""How much of what a demo planted is found, and how much of what is found was planted: precision and recall.

``python benchmarks/truth.py [FOLDER] [--subdistricts 11] [--years 2019-2024] [--seed 1]`` prints Markdown tables for a
folder made by ``perfeval demo``; without FOLDER it makes one in a temporary place. Matches by kind, trends by verdict,
findings by severity and rule, changes by kind, indicators missed repeatedly; and that below five years no trend is
called significant. ``--misses`` lists every match, trend and change that differs.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path

import pandas as pd

import perfeval as pe
from perfeval.analysis.findings import findings
from perfeval.demo import make
from perfeval.model.history import BROKEN, DROPPED, MATCHED, NEW, NORMALISED, SAME, SIMILAR

KINDS = {"逐字相同": SAME, "写法不同": NORMALISED, "措辞改变": SIMILAR}
"""How the truth says two rows differ, and the kind of match that is."""
SHORT = 4
"""Years up to which trends are only described."""
WHOLE = ("execution_rate", "completion_rate", "score")

Pairs = Counter[Hashable]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--subdistricts", type=int, default=11)
    parser.add_argument("--years", default="2019-2024")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    if given.folder is not None:
        compare(given.folder, misses=given.misses)
        return
    first, last = map(int, given.years.split("-"))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "demo"
        years = range(first, last + 1)
        make(folder, subdistricts=given.subdistricts, years=years, seed=given.seed, notebooks=Path("notebooks"))
        compare(folder, misses=given.misses)


def compare(folder: Path, *, misses: bool) -> None:
    """Print every table for one demo folder."""
    truth = {
        name: table(folder / "truth" / f"{name}.csv")
        for name in ("matches", "trends", "defects", "changes", "repeated")
    }
    begun = time.perf_counter()
    offices = sorted(set(truth["matches"]["subdistrict"]))
    histories = {name: pe.history(pe.load(folder / "data", name)) for name in offices}
    rows = sum(len(one.indicators) for one in histories.values())
    spent = time.perf_counter() - begun
    print(f"{len(offices)} offices, {rows:,} indicator rows, loaded and compared in {spent:.1f} s\n")
    differing = [
        *matching(truth["matches"], histories),
        *trends(truth["trends"], histories),
        *changes(truth["changes"], histories),
        *repeated(truth["repeated"], histories),
    ]
    defects(truth["defects"], histories)
    short(folder, offices)
    if misses:
        print("\n".join(differing))


def table(path: Path) -> pd.DataFrame:
    """One table of the truth, every cell as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def matching(truth: pd.DataFrame, histories: dict[str, pe.History]) -> list[str]:
    """Pairs of rows with their kind; and the pairs alone, whatever their kind."""
    wanted, found = {}, {}
    for line in truth.to_dict("records"):
        kind = line["kind"] if line["kind"] in (NEW, DROPPED, BROKEN) else KINDS[line["how"]]
        wanted[line["subdistrict"], line["year"], line["row"], line["previous_row"]] = (kind, line)
    doubtful = 0
    for name, one in histories.items():
        doubtful += len(one.doubtful)
        for line in one.matches.to_dict("records"):
            row, previous = ("" if pd.isna(line[side]) else str(line[side]) for side in ("row", "previous_row"))
            found[name, str(line["year"]), row, previous] = (line["kind"], line)
    kinds = (*MATCHED[:3], NEW, DROPPED, BROKEN)
    table_of(
        "Matches",
        [
            (
                kind,
                {place for place, (one, _) in wanted.items() if one == kind},
                {place for place, (one, _) in found.items() if one == kind},
            )
            for kind in kinds
        ]
        + [
            (
                "rows continued",
                *({key for key, (kind, _) in told.items() if kind in MATCHED} for told in (wanted, found)),
            ),
            ("all", *({(key, kind) for key, (kind, _) in told.items()} for told in (wanted, found))),
        ],
    )
    print(f"For a person to decide: {doubtful} of {len(found):,}\n")
    differing = []
    for key in sorted(wanted.keys() | found.keys()):
        planted, told = wanted.get(key, ("—", {}))[0], found.get(key, ("—", {}))[0]
        if planted != told:
            line = (wanted.get(key) or found[key])[1]
            differing.append(f"match {key}: {planted} ≠ {told}: {line['indicator']} ← {line['previous_indicator']}")
    return differing


def trends(truth: pd.DataFrame, histories: dict[str, pe.History]) -> list[str]:
    """Verdicts of the series whose course is plain."""
    found = {}
    for name, one in histories.items():
        last = one.indicators[one.indicators["year"].eq(one.years[-1])]
        names = dict(zip(last["track"], last["indicator"], strict=True))
        for line in one.trends.to_dict("records"):
            series = line["series"] if line["series"] in WHOLE else names.get(line["series"], "")
            found.setdefault((name, series), []).append((line["n"], line["verdict"]))
    wanted, told = set(), set()
    differing = []
    for line in truth.to_dict("records"):
        key = (line["subdistrict"], line["series"])
        wanted.add((*key, line["verdict"]))
        verdicts = [verdict for n, verdict in found.get(key, []) if n == int(line["years"])] or ["—"]
        told.add((*key, verdicts[0]))
        if verdicts[0] != line["verdict"]:
            differing.append(f"trend {key}: {line['verdict']} ≠ {verdicts[0]} ({found.get(key)})")
    verdicts = sorted({one[-1] for one in wanted | told})
    table_of(
        "Trend verdicts",
        [(one, {w for w in wanted if w[-1] == one}, {t for t in told if t[-1] == one}) for one in verdicts],
    )
    return differing


def changes(truth: pd.DataFrame, histories: dict[str, pe.History]) -> list[str]:
    """Noteworthy changes by office, year, kind and name."""
    wanted = {
        (line["kind"], line["subdistrict"], line["year"], line["indicator"] or line["previous_indicator"])
        for line in truth.to_dict("records")
    }
    found = {
        (line["kind"], name, str(line["year"]), line["indicator"])
        for name, one in histories.items()
        for line in one.changes.to_dict("records")
    }
    kinds = sorted({one[0] for one in wanted | found})
    table_of(
        "Changes", [(kind, {w for w in wanted if w[0] == kind}, {f for f in found if f[0] == kind}) for kind in kinds]
    )
    return [f"change {one}: {'not found' if one in wanted else 'not planted'}" for one in sorted(wanted ^ found)]


def repeated(truth: pd.DataFrame, histories: dict[str, pe.History]) -> list[str]:
    """Indicators missed in several years, with the years."""
    wanted = {(line["subdistrict"], line["years"], line["indicator"]) for line in truth.to_dict("records")}
    found = {
        (name, "、".join(map(str, line["years"])), line["indicator"])
        for name, one in histories.items()
        for line in one.repeated.to_dict("records")
    }
    table_of("Missed repeatedly", [("all", wanted, found)])
    return [f"repeated {one}: {'not found' if one in wanted else 'not planted'}" for one in sorted(wanted ^ found)]


def defects(truth: pd.DataFrame, histories: dict[str, pe.History]) -> None:
    """Findings by rule: as many in an office's year as were planted there; and of those, at the very place."""
    wanted: Pairs = Counter()
    places: dict[Hashable, list[str]] = {}
    for line in truth.to_dict("records"):
        key = (line["code"], line["subdistrict"], int(line["year"]))
        wanted[key] += 1
        places.setdefault(key, []).append(line["place"])
    found: Pairs = Counter()
    placed = 0
    for name, one in histories.items():
        for year, evaluation in one.evaluations.items():
            names = dict(zip(evaluation.indicators["row"], evaluation.indicators["indicator"], strict=True))
            for line in findings(evaluation).to_dict("records"):
                key = (line["code"], name, year)
                found[key] += 1
                told = [line["place"], *(names.get(row, "") for row in line["rows"])]
                left = places.get(key, [])
                hit = next((place for place in left if any(place and place in text for text in told)), None)
                if hit is not None:
                    left.remove(hit)
                    placed += 1
    codes = sorted({str(key[0]) for key in wanted | found})  # type: ignore[index]  # keys are tuples
    lines = []
    for code in codes:
        of = [{k: n for k, n in told.items() if k[0] == code} for told in (wanted, found)]  # type: ignore[index]
        lines.append((code, *of))
    counted("Findings", [*lines, ("all", wanted, found)])
    print(f"At the very place: {placed} of {sum(wanted.values())}\n")


def short(folder: Path, offices: list[str]) -> None:
    """That up to four years nothing is called a trend."""
    first = pe.load(folder / "data", offices[0])
    years = sorted(set(first.sources["year"]))[:SHORT]
    called = series = 0
    for name in offices:
        one = pe.history(pe.load(folder / "data", name, years)).trends
        series += len(one)
        called += int(one["p"].notna().sum() + one["verdict"].isin(["改善", "恶化"]).sum())
    print(f"With the first {len(years)} years only: {called} of {series} series called a trend\n")


def table_of(title: str, lines: Iterable[tuple[str, set, set]]) -> None:  # type: ignore[type-arg]
    """As :func:`counted`, of sets."""
    counted(title, [(name, Counter(wanted), Counter(found)) for name, wanted, found in lines])


def counted(title: str, lines: Iterable[tuple[str, Counter, Counter]]) -> None:  # type: ignore[type-arg]
    """A Markdown table of planted, found, both, precision and recall."""
    print(f"| {title} | planted | found | both | precision | recall |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, wanted, found in lines:
        planted, told = sum(wanted.values()), sum(found.values())
        both = sum(min(count, found.get(key, 0)) for key, count in wanted.items())
        shares = [f"{both / count:.3f}" if count else "—" for count in (told, planted)]
        print(f"| {name} | {planted} | {told} | {both} | {shares[0]} | {shares[1]} |")
    print()


if __name__ == "__main__":
    main()

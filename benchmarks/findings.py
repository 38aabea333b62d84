"""How far the findings are worth reading: precision by rule over practice documents, and attainment over all pairs.

``python benchmarks/findings.py`` imports the small documents of ``tests/golden/practice``, reviews them and holds every
finding against the verdict of a reader in ``findings.csv`` there: useful (有用), true but of no use (无用) or false
(误报); defects that no rule names stand there too (漏报), for the recall. A finding nobody has judged is listed.
Then every pair of target and actual in ``tests/golden`` is read and held against its expected status and attainment.
"""

import csv
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import perfeval as pe
from perfeval.ingest.importing import import_files, write
from perfeval.model.reading import read_pair

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
USEFUL, USELESS, FALSE = VERDICTS = ("有用", "无用", "误报")
NOT_FOUND = "漏报"
"""A verdict on a defect that a reader found and no rule names yet."""
CLOSE = Decimal("0.001")
"""By how much an attainment may differ: the expected ones are rounded."""
_YEAR = re.compile("20[0-9]{2}(?=年)")

Place = tuple[str, str, int]
"""Document, code, row; 0 for a finding of the whole document."""


@dataclass(slots=True)
class Precision:
    """What became of the findings of one rule, or of all."""

    fired: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was judged that is useful; 1 where nothing fired."""
        judged = sum(self.verdicts[verdict] for verdict in VERDICTS)
        return self.verdicts[USEFUL] / judged if judged else 1.0

    @property
    def recall(self) -> float:
        """The share of useful findings that there are which fired."""
        wanted = self.verdicts[USEFUL] + self.missed
        return self.verdicts[USEFUL] / wanted if wanted else 1.0


def found(folder: Path = GOLDEN / "practice") -> dict[Place, str]:
    """The fact of every finding that readers see in the practice documents, by its place."""
    facts: dict[Place, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(folder.glob("*.txt")):
            year = int(_YEAR.findall(path.read_text(encoding="utf-8"))[0])
            data = Path(scratch) / path.stem  # a folder of its own: offices of two documents may be called the same
            write(import_files([path], subdistrict=path.stem, year=year, data_dir=data), data)
            result = pe.evaluate(pe.load(data), "mof2020")
            for one in result.findings.to_dict("records"):
                row = 0 if one["row"] != one["row"] or not one["rows"] else int(one["row"])
                facts[path.stem, one["code"], row] = one["fact"]
    return facts


def judged(folder: Path = GOLDEN / "practice") -> dict[Place, str]:
    """What a reader said of findings, by place."""
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        return {(one["document"], one["code"], int(one["row"])): one["verdict"] for one in csv.DictReader(file)}


def precision(facts: dict[Place, str], verdicts: dict[Place, str]) -> dict[str, Precision]:
    """By code, and ``all``."""
    counts: dict[str, Precision] = {}
    for place in facts.keys() | verdicts.keys():
        for code in (place[1], "all"):
            one = counts.setdefault(code, Precision())
            verdict = verdicts.get(place, "")
            if place in facts:
                one.fired += 1
                one.verdicts[USEFUL if verdict == NOT_FOUND else verdict] += 1
            elif verdict in (USEFUL, NOT_FOUND):
                one.missed += 1
    return counts


def attainment() -> list[tuple[str, int, int, int]]:
    """By file of pairs: how many, how many with the expected status, how many with the expected attainment."""
    lines = []
    for path in sorted(GOLDEN.glob("*_pairs.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            pairs = list(csv.DictReader(file))
        read = [read_pair(one["indicator"], one["target"], one["actual"], unit=one.get("unit", "")) for one in pairs]
        same = sum(one.status == pair["status"] for one, pair in zip(read, pairs, strict=True))
        close = sum(_is_close(one.attainment, pair["attainment"]) for one, pair in zip(read, pairs, strict=True))
        lines.append((path.name, len(pairs), same, close))
    return lines


def _is_close(value: Decimal | None, wanted: str) -> bool:
    if value is None or not wanted:
        return value is None and not wanted
    return abs(value - Decimal(wanted)) <= CLOSE


def main() -> None:
    """Print both tables."""
    facts, verdicts = found(), judged()
    counts = precision(facts, verdicts)
    print("| rule | fired | useful | useless | false | precision | recall |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for code in [*sorted(counts.keys() - {"all"}), "all"]:
        one = counts[code]
        told = " | ".join(str(one.verdicts[verdict]) for verdict in VERDICTS)
        print(f"| {code} | {one.fired} | {told} | {one.precision:.3f} | {one.recall:.3f} |")
    for place in sorted(facts.keys() - verdicts.keys()):
        print(f"not judged: {place}: {facts[place]}")
    print("\n| pairs | read | status as expected | attainment as expected |\n| --- | ---: | ---: | ---: |")
    for name, pairs, same, close in attainment():
        print(f"| {name} | {pairs} | {same} | {close} |")


if __name__ == "__main__":
    main()

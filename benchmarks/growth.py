"""How time and size grow with the data: indicators, items, years, offices, files; the exponents should be 1.

``python benchmarks/growth.py [--quick] [--only WORD]`` prints a Markdown table: the least CPU seconds of one process
over a few tries, the size of result.json or, of imported files, of what is written; and the exponents between the two
largest sizes (1: twice the data, twice the time). The data are fictional: one office of a demo, its rows repeated under
other names. Where texts are alike, every row's narrative is nearly that of every other: what rules that compare rows
must bear.
"""

import argparse
import json
import math
import os
import platform
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import perfeval as pe
from perfeval.analysis.peers import compare
from perfeval.demo import make
from perfeval.ingest import filing, importing
from perfeval.ingest.document import Document
from perfeval.ingest.template import write_filled
from perfeval.model.data import Data
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.present.keyfigures import record

YEAR = 2024
INDICATORS, ALIKE, YEARS = (40, 400, 2000, 5000), (40, 250, 1000, 2000), (3, 6, 12, 20)
OFFICES, FILES = (11, 100, 1000), (10, 50, 500)
QUICK = 2
"""Sizes of each kind that ``--quick`` measures."""
TRIES, LONG = 3, 10
"""How often a size is tried, unless that has taken so many CPU seconds already."""
WORDS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
BUDGET_ROWS = 3
"""The whole and its halves, which stand before the items."""


class Kind(NamedTuple):
    """Something that can grow."""

    what: str
    sizes: tuple[int, ...]
    work: Callable[[int], int]
    """Does it at a size; the bytes of what comes of it."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"the first {QUICK} sizes of each kind only")
    parser.add_argument("--only", default="", help="kinds with this word in their name")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, shared with others; CPU seconds\n")
    print("| what | size | CPU s | result KB | exponent of time | of size |")
    print("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds(Path(folder)):
            if asked.only in kind.what:
                table(kind, kind.sizes[: QUICK if asked.quick else None])


def kinds(folder: Path) -> Iterator[Kind]:
    """All that can grow, from the data of a demo."""
    notebooks = Path(__file__).parents[1] / "notebooks"
    years = range(YEAR - max(YEARS) + 1, YEAR + 1)
    make(folder / "demo", subdistricts=2, years=years, seed=1, notebooks=notebooks)
    whole = pe.load(folder / "demo" / "data", subdistrict="shili001")
    year = pe.load(folder / "demo" / "data", subdistrict="shili001", years=YEAR)
    one = pe.evaluate(year)
    yield Kind("indicators of an office", INDICATORS, lambda size: bytes_of(pe.evaluate(grown(year, size))))
    yield Kind("indicators with alike texts", ALIKE, lambda size: bytes_of(pe.evaluate(alike(year, size))))
    yield Kind("items of a budget", ALIKE, lambda size: bytes_of(pe.evaluate(itemised(year, size))))
    yield Kind("years of an office", YEARS, lambda count: bytes_of(pe.history(latest(whole, count))))
    yield Kind("offices of a district", OFFICES, lambda count: bytes_of(compared(one, count)))
    forms(folder, year, max(FILES))
    yield Kind("files imported", FILES, lambda count: imported(folder, count))


def table(kind: Kind, sizes: tuple[int, ...]) -> None:
    """The lines of one kind; the exponents stand in the last."""
    kind.work(sizes[0])  # what is imported and read once
    seconds, sizes_of = [], []
    for size in sizes:
        tries = []
        while len(tries) < TRIES and sum(tries) < LONG:
            began = time.process_time()
            written = kind.work(size)
            tries.append(time.process_time() - began)
        seconds.append(min(tries))
        sizes_of.append(written)
    step = math.log(sizes[-1] / sizes[-2])
    for place, size in enumerate(sizes):
        last = place == len(sizes) - 1
        exponents = [f"{math.log(of[-1] / of[-2]) / step:.2f}" if last else "" for of in (seconds, sizes_of)]
        told = f"{size:,} | {seconds[place]:.2f} | {sizes_of[place] / 1000:,.0f}"
        print(f"| {kind.what} | {told} | {' | '.join(exponents)} |", flush=True)


def bytes_of(result: Evaluation | History | Peers) -> int:
    """How long result.json is."""
    return len(json.dumps(record(result).figures, ensure_ascii=False).encode())


def grown(data: Data, count: int) -> Data:
    """One office-year with so many indicators: its own again and again, each time under other names and goals."""
    rows, parts = data.indicators, []
    for turn in range(-(-count // len(rows))):
        texts = {
            name: [f"{text}第{turn}批" if text else "" for text in rows[name]] for name in ("indicator", "narrative")
        }
        parts.append(rows.assign(**texts, goal_no=rows["goal_no"] + 20 * turn))
    whole = pd.concat(parts, ignore_index=True).head(count)
    return replace(data, indicators=whole.assign(row=range(2, len(whole) + 2)))


def alike(data: Data, count: int) -> Data:
    """One goal of so many indicators whose names are near one another, and their narratives nearly the same."""
    texts = {
        "indicator": [f"网格化综合治理事项{word(number)}按期办结率" for number in range(count)],
        "narrative": [
            f"按照年初安排和上级要求，认真组织实施各项工作，{word(number)}取得较好成效，群众反映良好"
            for number in range(count)
        ],
    }
    rows = data.indicators.iloc[[0] * count].reset_index(drop=True)
    return replace(data, indicators=rows.assign(**texts, row=range(2, count + 2)))


def itemised(data: Data, count: int) -> Data:
    """A budget of so many items, each spent to the cent."""
    first, item = data.budget.iloc[:BUDGET_ROWS], data.budget.iloc[[BUDGET_ROWS] * count]
    items = item.assign(item=[f"{word(number)}经费" for number in range(count)], executed=item["adjusted"])
    whole = pd.concat([first, items], ignore_index=True)
    return replace(data, budget=whole.assign(row=range(2, len(whole) + 2)))


def word(number: int) -> str:
    """A name for a number, without digits."""
    number, place = divmod(number, len(WORDS))
    return (word(number) if number else "") + WORDS[place]


def latest(data: Data, count: int) -> Data:
    """The last years of an office."""
    first = YEAR - count + 1
    frames = {name: getattr(data, name) for name in ("budget", "indicators", "blocks", "sources")}
    return replace(data, **{name: frame[frame["year"] >= first] for name, frame in frames.items()})


def compared(one: Evaluation, count: int) -> Peers:
    """A district of so many offices, all alike but for their names."""
    offices = [replace(one, subdistrict=f"s{number:05}", name=f"示{number}街道") for number in range(count)]
    return compare(offices, one.ruleset, district=one.district, year=one.year)


def forms(folder: Path, data: Data, count: int) -> None:
    """Filled forms of so many offices, and the directory that lists them."""
    (folder / "forms").mkdir()
    model = folder / "model.xlsx"
    filled = Document("", "", 1.0, unit=unit(0), year=YEAR, budget=data.budget, indicators=data.indicators)
    write_filled(model, filled)
    with zipfile.ZipFile(model) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    own = unit(0).encode("ascii", "xmlcharrefreplace")
    for number in range(count):
        other = unit(number).encode("ascii", "xmlcharrefreplace")
        with zipfile.ZipFile(folder / "forms" / f"{number:04}.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
            for name, part in parts.items():
                book.writestr(name, part.replace(own, other))
    lines = [f"s{number:04},{unit(number)},示例区,示例市,,是" for number in range(count)]
    directory = "\n".join(["id,name,district,city,aliases,synthetic", *lines]) + "\n"
    (folder / "subdistricts.csv").write_text(directory, encoding="utf-8")


def unit(number: int) -> str:
    """The name of an office whose form is imported."""
    return f"示例{number:04}街道办事处"


def imported(folder: Path, count: int) -> int:
    """So many forms read and filed into an empty data folder; the bytes that are written."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        data = Path(place) / "data"
        data.mkdir()
        (data / "subdistricts.csv").write_bytes((folder / "subdistricts.csv").read_bytes())
        files = [folder / "forms" / f"{number:04}.xlsx" for number in range(count)]
        outcomes = filing.write(importing.import_files(files, data_dir=data), data)
        if len(outcomes) != count or any(one.status != filing.WRITTEN for one in outcomes):
            raise SystemExit(f"{len(outcomes)} of {count} files were filed")
        return sum(file.stat().st_size for file in data.glob("*/*/*"))


if __name__ == "__main__":
    main()

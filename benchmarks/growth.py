"""How time and size grow with the data: indicators, years, offices; the exponents should be 1.

``python benchmarks/growth.py [--quick]`` prints a Markdown table: CPU seconds and the size of result.json at each size,
and the exponents between the two largest sizes (1: twice the data, twice the time). The data are fictional: one office
of a demo, its rows repeated under other names.
"""

import argparse
import json
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

import perfeval as pe
from perfeval.analysis.peers import compare
from perfeval.demo import make
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.model.schema import Data
from perfeval.present.keyfigures import record

YEAR = 2024
INDICATORS, YEARS, OFFICES = (40, 400, 2000, 5000), (3, 6, 12, 20), (11, 100, 1000)
QUICK = 2
"""Sizes of each kind that ``--quick`` measures."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    most = QUICK if parser.parse_args().quick else None
    with tempfile.TemporaryDirectory() as folder:
        notebooks = Path(__file__).parents[1] / "notebooks"
        years = range(YEAR - max(YEARS) + 1, YEAR + 1)
        make(Path(folder) / "demo", subdistricts=2, years=years, seed=1, notebooks=notebooks)
        data = pe.load(Path(folder) / "demo" / "data", subdistrict="shili001")
        year = pe.load(Path(folder) / "demo" / "data", subdistrict="shili001", years=YEAR)
        one = pe.evaluate(year)
        print("| what | size | CPU s | result.json KB | exponent of time | of size |")
        print("|---|---|---|---|---|---|")
        table("indicators of an office", INDICATORS[:most], lambda rows: pe.evaluate(grown(year, rows)))
        table("years of an office", YEARS[:most], lambda count: pe.history(latest(data, count)))
        table("offices of a district", OFFICES[:most], lambda count: compared(one, count))


def table(what: str, sizes: tuple[int, ...], work: Callable[[int], Evaluation | History | Peers]) -> None:
    """The rows of one kind; the exponents stand in the last."""
    work(sizes[0])  # what is imported and read once
    seconds, letters = [], []
    for size in sizes:
        began = time.process_time()
        result = work(size)
        seconds.append(time.process_time() - began)
        letters.append(len(json.dumps(record(result).figures, ensure_ascii=False)))
    step = math.log(sizes[-1] / sizes[-2])
    for place, size in enumerate(sizes):
        last = place == len(sizes) - 1
        exponents = [f"{math.log(of[-1] / of[-2]) / step:.2f}" if last else "" for of in (seconds, letters)]
        print(f"| {what} | {size} | {seconds[place]:.2f} | {letters[place] / 1000:,.0f} | {' | '.join(exponents)} |")


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


def latest(data: Data, count: int) -> Data:
    """The last years of an office."""
    first = YEAR - count + 1
    frames = {name: getattr(data, name) for name in ("budget", "indicators", "blocks", "sources")}
    return replace(data, **{name: frame[frame["year"] >= first] for name, frame in frames.items()})


def compared(one: Evaluation, count: int) -> Peers:
    """A district of so many offices, all alike but for their names."""
    offices = [replace(one, subdistrict=f"s{number:05}", name=f"示{number}街道") for number in range(count)]
    return compare(offices, one.ruleset, district=one.district, year=one.year)


if __name__ == "__main__":
    main()

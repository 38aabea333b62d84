"""How often a pair of target and actual is read on the way to the pages and workbooks of one office.

``python benchmarks/readings.py [--years 2020-2023]``: a demo office of its own; every call of ``read_pair`` is counted
by the profiler of the standard library, with the function that asked for it. ``evaluate`` reads every row on file once.
``history`` adds only pairs nobody has read: in the split of a score's change the target of one year beside the actual
of another (``counterfactual``), and what a loosened target would have said (``changes``). A workbook and the review
sheet read nothing anew. Exit code 1 where any of it reads more.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import perfeval as pe
from perfeval.deliver.reviewsheet import write_review_sheet
from perfeval.deliver.yearbook import write_yearbook
from perfeval.demo.folder import make

ROOT = Path(__file__).parents[1]
READER = ("perfeval.model.reading", "read_pair")
ANEW = {"counterfactual", "changes"}
"""The only ones that may read a pair besides the judge: pairs that stand in no row of a document."""


def counted(work: Callable[[], Any]) -> tuple[Any, Counter[str]]:
    """What a piece of work returns, and how many pairs it read, by the module that asked."""
    found: Counter[str] = Counter()

    def seen(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and (frame.f_globals.get("__name__"), frame.f_code.co_name) == READER:
            found[asking(frame)] += 1

    sys.setprofile(seen)
    try:
        return work(), found
    finally:
        sys.setprofile(None)


def asking(frame: FrameType) -> str:
    """The module that wanted the reading: who called ``judge``, where that did."""
    caller = frame.f_back
    while caller is not None and caller.f_globals.get("__name__") == "perfeval.analysis.judging":
        caller = caller.f_back
    return "" if caller is None else str(caller.f_globals.get("__name__")).rpartition(".")[2]


def main() -> int:
    """Print the counts; see the top of the file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--years", default="2020-2023", help="of the demo office")
    first, last = map(int, options.parse_args().years.split("-"))
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        demo = make(
            Path(folder, "demo"), subdistricts=1, years=range(first, last + 1), seed=1, notebooks=ROOT / "notebooks"
        )
        data = pe.load(demo.folder / "data")
        rows = len(data.indicators)
        print(f"{data.sources['year'].nunique()} years, {rows} rows")
        results, found = counted(lambda: [pe.evaluate(data, year=year) for year in range(first, last + 1)])
        wrong |= found != Counter(evaluation=rows)
        print("evaluate", found.total(), dict(found))
        _, found = counted(lambda: pe.history(data))
        wrong |= found["evaluation"] != rows or not set(found) <= {"evaluation", *ANEW}
        print("history", found.total(), dict(found))
        for write in (write_yearbook, write_review_sheet):
            _, found = counted(lambda write=write: write(Path(folder, "a.xlsx"), results[-1]))
            wrong |= found.total() > 0
            print(write.__name__, found.total(), dict(found))
    return wrong


if __name__ == "__main__":
    sys.exit(main())

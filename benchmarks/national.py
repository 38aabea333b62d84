"""Statistics of a whole country's offices, beside polars and duckdb in the same run; and one office by its folders.

``python benchmarks/national.py [--offices 40000] [--indicators 40] [--years 6] [--into FOLDER] [--quick]`` prints
Markdown tables. The data are fictional and the same on every run. Every engine works in a process of its own, reads the
same parquet files, and its counts are checked against the others'. Memory is the peak of the whole process; what the
imports alone take is given beside it.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST_YEAR = 2019
PER_DISTRICT = 14
"""Offices of a district."""
CATEGORIES = ("产出", "效益", "满意度", "成本")
STATUSES = ("完成", "部分完成", "未完成", "无法判定")
BASES = ("computed", "declared", "none")
VERDICTS = (
    ("完成", "computed"),
    ("部分完成", "computed"),
    ("未完成", "computed"),
    ("无法判定", "none"),
    ("完成", "declared"),
    ("部分完成", "declared"),
    ("未完成", "declared"),
)
"""Status and basis of a row."""
SHARES = (0.55, 0.02, 0.05, 0.05, 0.31, 0.01, 0.01)
"""How frequent each is."""
COUNTS = ("met", "partly", "missed", "declared", "undecided")
SILENT = 0.001
"""Share of office-years that do not say what they executed."""
PASSED = 95
"""Percent: the target of every indicator on file."""
SEED = 20_190_101
ENGINES = ("pandas", "polars", "duckdb")
COMPLETION = (("subdistrict", "year"), ("district", "year"), ("category", "year"))
EXECUTION = (("subdistrict", "year"), ("district", "year"))
LOADS = 60
GOAL = 0.020
"""Seconds in which one office should be loaded."""


def ids(offices: int) -> list[str]:
    """Fictional offices."""
    return [f"S{number:06}" for number in range(offices)]


def generate(folder: Path, offices: int, indicators: int, years: int) -> None:
    """``judged.parquet``: a row per office, year and indicator, judged; ``money.parquet``: one per office and year."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(SEED)
    units, rows = offices * years, offices * years * indicators
    unit = np.arange(units)
    districts = [f"示例区{number:05}" for number in range(-(-offices // PER_DISTRICT))]

    def coded(codes: np.ndarray, names: list[str] | tuple[str, ...]) -> pd.Categorical:
        return pd.Categorical.from_codes(codes, categories=list(names))

    office = (unit // years).astype("int32")
    owner = {
        "subdistrict": coded(office, ids(offices)),
        "district": coded(office // PER_DISTRICT, districts),
        "year": (FIRST_YEAR + unit % years).astype("int16"),
    }
    budget = np.round(random.lognormal(8.5, 0.6, units), 2)
    rate = np.clip(random.normal(0.96, 0.05, units), 0.3, 1.05)
    money = pd.DataFrame({**owner, "budget": budget, "executed": np.round(budget * rate, 2)})
    money.loc[random.random(units) < SILENT, "executed"] = np.nan
    money.to_parquet(folder / "money.parquet")
    row = np.repeat(unit.astype("int32"), indicators)
    place = np.tile(np.arange(indicators), units)
    drawn = random.choice(len(VERDICTS), size=rows, p=SHARES)
    status, basis = (
        np.array([words.index(one[side]) for one in VERDICTS], dtype="int8")[drawn]
        for side, words in enumerate((STATUSES, BASES))
    )
    judged = pd.DataFrame(
        {
            **{name: column[row] for name, column in owner.items()},
            "category": coded((place % 4).astype("int8"), CATEGORIES),
            "status": coded(status, STATUSES),
            "basis": coded(basis, BASES),
        }
    )
    judged.to_parquet(folder / "judged.parquet", row_group_size=1_000_000)


def with_pandas(folder: Path) -> tuple[float, dict]:
    """perfeval's own statistics; seconds of reading, and the frames."""
    import pandas as pd

    from perfeval.analysis.completion import completion_rates, execution_rates

    start = time.perf_counter()
    judged, money = pd.read_parquet(folder / "judged.parquet"), pd.read_parquet(folder / "money.parquet")
    read = time.perf_counter() - start
    found = {f"completion-{by[0]}": completion_rates(judged, by) for by in COMPLETION}
    found |= {f"execution-{by[0]}": execution_rates(money, by) for by in EXECUTION}
    return read, found


def with_polars(folder: Path) -> tuple[float, dict]:
    """The same in polars, eagerly, with its own threads."""
    import polars as pl

    start = time.perf_counter()
    judged, money = pl.read_parquet(folder / "judged.parquet"), pl.read_parquet(folder / "money.parquet")
    read = time.perf_counter() - start
    status, word = pl.col("status"), pl.col("basis") == "declared"
    each = ((status == "完成") & ~word, status == "部分完成", status == "未完成", (status == "完成") & word)
    counts = [one.sum().alias(name) for name, one in zip(COUNTS, (*each, status == "无法判定"), strict=True)]
    most = pl.col("met") + pl.col("declared") + pl.col("undecided")
    full = pl.col("budget").is_not_nan() & pl.col("executed").is_not_nan()
    full = full & pl.col("budget").is_not_null() & pl.col("executed").is_not_null()
    found = {
        f"completion-{by[0]}": judged.group_by(by)
        .agg(pl.len().alias("rows"), *counts)
        .with_columns(most=most, low=pl.col("met") / pl.col("rows"), high=most / pl.col("rows"))
        for by in COMPLETION
    }
    found |= {
        f"execution-{by[0]}": money.group_by(by)
        .agg(full.sum().alias("offices"), *(pl.col(name).filter(full).sum() for name in ("budget", "executed")))
        .with_columns(rate=pl.col("executed") / pl.col("budget"))
        for by in EXECUTION
    }
    return read, found


def with_duckdb(folder: Path) -> tuple[float, dict]:
    """The same in duckdb: the files are read into its tables first, as the others do."""
    import duckdb

    connection = duckdb.connect()
    start = time.perf_counter()
    for name in ("judged", "money"):
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{(folder / name).as_posix()}.parquet')")  # noqa: S608  # our own folder
    read = time.perf_counter() - start
    met, word = "status = '完成'", "basis = 'declared'"
    each = (
        f"{met} AND NOT {word}",
        "status = '部分完成'",
        "status = '未完成'",
        f"{met} AND {word}",
        "status = '无法判定'",
    )
    counts = ", ".join(f"count(*) FILTER ({one}) AS {name}" for name, one in zip(COUNTS, each, strict=True))
    most = "met + declared + undecided"
    full = "FILTER (NOT isnan(budget) AND NOT isnan(executed) AND budget IS NOT NULL AND executed IS NOT NULL)"
    found = {}
    for by in COMPLETION:
        keys = ", ".join(by)
        text = f"SELECT {keys}, count(*) AS rows, {counts} FROM judged GROUP BY {keys}"  # noqa: S608  # our own names
        text = f"SELECT *, {most} AS most, met / rows AS low, ({most}) / rows AS high FROM ({text})"  # noqa: S608
        found[f"completion-{by[0]}"] = connection.sql(text).to_arrow_table()
    for by in EXECUTION:
        keys = ", ".join(by)
        added = ", ".join(f"coalesce(sum({name}) {full}, 0) AS {name}" for name in ("budget", "executed"))
        sums = f"count(*) {full} AS offices, {added}"
        text = f"SELECT *, executed / budget AS rate FROM (SELECT {keys}, {sums} FROM money GROUP BY {keys})"  # noqa: S608  # our own names
        found[f"execution-{by[0]}"] = connection.sql(text).to_arrow_table()
    return read, found


def measure(engine: str, folder: Path) -> None:
    """One engine, in this process: prints its times and memory, and leaves its results in ``folder``."""
    import resource

    run = {"pandas": with_pandas, "polars": with_polars, "duckdb": with_duckdb}[engine]
    __import__({"pandas": "perfeval"}.get(engine, engine))
    import pyarrow.parquet  # noqa: F401  # what it takes is not the engine's

    imports, before = peak(), resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    read, found = run(folder)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = {"read": read, "wall": wall - read, "cpu": cpu, "imports": imports, "peak": peak()}
    print(json.dumps(told))
    for name, frame in found.items():
        _plain(frame).to_pickle(folder / f"{engine}-{name}.pickle")


def peak() -> int:
    """KiB this process has held at most; on Linux without what its parent held when it was started."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _plain(frame):  # three libraries' frames
    """Any engine's result as a pandas frame in the order of its keys."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        frame = frame.to_pandas()
    keys = list(frame.columns[:2])
    return frame.astype({keys[0]: "str", keys[1]: "int64"}).sort_values(keys, ignore_index=True)


def compare(folder: Path) -> int:
    """Check every engine's figures against ours; how many groups there were. ``AssertionError`` where they differ."""
    import pandas as pd

    groups = 0
    for name in [*(f"completion-{by[0]}" for by in COMPLETION), *(f"execution-{by[0]}" for by in EXECUTION)]:
        ours = pd.read_pickle(folder / f"pandas-{name}.pickle")  # noqa: S301  # written above
        groups += len(ours)
        for engine in ENGINES[1:]:
            theirs = pd.read_pickle(folder / f"{engine}-{name}.pickle")  # noqa: S301  # written above
            shared = list(theirs.columns)
            pd.testing.assert_frame_equal(ours[shared], theirs, check_dtype=False, rtol=1e-12)
    return groups


def store(folder: Path, offices: int, indicators: int, years: int) -> int:
    """A data folder whose list has so many offices, with the files of those that :func:`loading` asks for; how many."""
    names, data = ids(offices), folder / "data"
    data.mkdir(parents=True)
    lines = [
        f"{name},示例{name}街道办事处,示例区{number // PER_DISTRICT:05},示例市," for number, name in enumerate(names)
    ]
    text = "\n".join(["id,name,district,city,aliases", *lines]) + "\n"
    (data / "subdistricts.csv").write_text(text, encoding="utf-8")
    chosen = asked(names)
    for name in chosen:
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            office(data / name / str(year), indicators, year)
    return len(chosen)


def asked(names: list[str]) -> list[str]:
    """The offices that are loaded: evenly from the whole list."""
    return names[:: max(1, len(names) // (LOADS + 1))][: LOADS + 1]


def office(folder: Path, indicators: int, year: int) -> None:
    """The files of one office and year."""
    folder.mkdir(parents=True)
    rows = ["goal_no,goal,category,indicator,target,actual,weight,declared_score,declared_met,reason"]
    for place in range(indicators):
        done = 80 + (year * 7 + place * 13) % 25
        met, why = (
            ("完成年初目标", "") if done >= PASSED else ("未完成年初目标", "经费下达较晚，部分工作顺延到下一年度")
        )
        goal = place // 10 + 1
        indicator = f"第{place + 1}项示例工作完成率"
        rows.append(
            f"{goal},示例目标{goal}经费,{CATEGORIES[place % 4]},{indicator},≥{PASSED}%,{done}%,2,1.5,{met},{why}"
        )
    (folder / "indicators.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    money = ["item,opening,adjusted,executed"]
    money += [f"{item},1200.00,1200.50,1199.{year % 100:02}" for item in ("基本支出", "项目支出", "部门整体支出")]
    (folder / "budget.csv").write_text("\n".join(money) + "\n", encoding="utf-8")
    (folder / "narrative.toml").write_text('declared_score = "95.5"\n', encoding="utf-8")


def loading(folder: Path, offices: int) -> dict[str, list[float]]:
    """Seconds by the clock and of this process of the first load, of :data:`LOADS` more (each another office, all
    years; median, least, most)."""
    import perfeval as pe

    data, took = folder / "data", []
    for name in asked(ids(offices)):
        start = clocks()
        loaded = pe.load(data, subdistrict=name)
        took.append(since(start))
        assert set(loaded.indicators["subdistrict"]) == {name}  # noqa: S101  # the right office
    warm = list(zip(*took[1:], strict=True))
    summaries = {"median": statistics.median, "least": min, "most": max}
    found = {name: [summary(times) for times in warm] for name, summary in summaries.items()}
    return {"first": took[0], **found}


def clocks() -> tuple[float, float]:
    """The clock on the wall, and the seconds this process has had of the processors."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> list[float]:
    """What both clocks have gone on."""
    return [now - then for now, then in zip(clocks(), start, strict=True)]


def main() -> None:
    """Measure and print; with ``--case`` only one engine (how the parent calls the others)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=40_000)
    parser.add_argument("--indicators", type=int, default=40)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--quick", action="store_true", help="400 offices")
    parser.add_argument("--into", type=Path, help="keep the data in this new folder instead of a temporary one")
    parser.add_argument("--case", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        measure(options.case, options.into)
        return
    size = (400 if options.quick else options.offices, options.indicators, options.years)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.into or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report(folder, *size)


def report(folder: Path, offices: int, indicators: int, years: int) -> None:
    """All measurements as Markdown."""
    rows = offices * indicators * years
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n")
    start = time.perf_counter()
    generate(folder, offices, indicators, years)
    print(f"{rows:,} judged rows of {offices:,} offices generated in {time.perf_counter() - start:.1f} s\n", flush=True)
    print("| engine | read s | statistics s | CPU s (both) | peak MB | of it imports MB |\n|---|---|---|---|---|---|")
    for engine in ENGINES:
        command = [sys.executable, __file__, "--case", engine, "--into", str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
        told = json.loads(done.stdout)
        memory = f"{told['peak'] / 1024:,.0f} | {told['imports'] / 1024:,.0f}"
        print(f"| {engine} | {told['read']:.2f} | {told['wall']:.2f} | {told['cpu']:.2f} | {memory} |", flush=True)
    print(f"\nAll three agree on {compare(folder):,} groups.\n", flush=True)
    filed = store(folder, offices, indicators, years)
    print(f"A list of {offices:,} offices, the folders of {filed} of them, {years} years each\n")
    told = loading(folder, offices)
    verdict = "within" if told["median"][0] < GOAL else "above"
    titles = {
        "first": "first in the process",
        "median": f"median of {LOADS} more ({verdict} {GOAL * 1000:.0f})",
        "least": "fastest of them",
        "most": "slowest of them",
    }
    print("| pe.load of one office, all years | ms | ms CPU |\n|---|---|---|")
    for name, title in titles.items():
        wall, cpu = told[name]
        print(f"| {title} | {wall * 1000:.1f} | {cpu * 1000:.1f} |")


if __name__ == "__main__":
    main()

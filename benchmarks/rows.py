"""The store of judged rows: how long it takes to ask again, for one office of a whole country, and for all of it.

``python benchmarks/rows.py [--offices 40000] [--rows 40] [--years 6] [--district 160] [--into FOLDER] [--quick]``
prints a Markdown table. The offices are fictional and the same on every run. Everything is asked through the public
functions. A few offices are evaluated; everyone else's fragments are theirs under another name, put in place by the
store's own writer with the fingerprints of the files on file, for to evaluate 240,000 office-years takes a day. DuckDB
and polars read the same files. Others use the machine too: the fastest of several calls is told, and its CPU seconds.
"""

import argparse
import csv
import gc
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FIRST_YEAR = 2019
PER_DISTRICT = 14
"""Offices of a district."""
CATEGORIES = ("产出", "效益", "满意度", "成本")
ASKED = 40
"""Offices of the country that have files in the data folder, and are asked for one by one."""
EVALUATED = 4
"""Offices whose rows are really made."""
REPEATS = 7
AGAIN, ONE, RATIO = 1.0, 0.020, 1.5
"""The goals: seconds for a second call over a district, for one office of the country; times DuckDB."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=40_000)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--district", type=int, default=160, help="offices of the large district, three years each")
    parser.add_argument("--into", type=Path, help="keep the data in this folder, and use what is there")
    parser.add_argument("--quick", action="store_true", help="700 offices, and 20 in the district")
    options = parser.parse_args()
    offices, district = (700, 20) if options.quick else (options.offices, options.district)
    os.environ["PERFEVAL_REPORT"] = "1"  # no progress bar
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.into or Path(temporary)
        python = f"{platform.python_implementation()} {platform.python_version()}"
        print(f"{python}, {os.cpu_count()} processors, shared with others\n")
        print("| what | measured | goal |\n|---|---|---|", flush=True)
        again(folder / "district", district, options.rows)
        country(folder / "country", offices, options.rows, options.years)


def again(folder: Path, offices: int, rows: int) -> None:
    """A district of three years: made, asked again, one file changed."""
    import perfeval as pe

    names, data = ids(offices), folder / "data"
    if not folder.exists():
        listed(data, names, PER_DISTRICT)
        for name in names:
            for year in range(2022, 2025):
                write(data / name / str(year), rows, year)
        took = timed(lambda: pe.rows(data, subdistrict=names[:EVALUATED]))
        line(f"{EVALUATED} offices × 3 years evaluated, their files made", f"{took:.1f} s")
        generate(folder, names, names[:EVALUATED])
    line(f"{offices} offices × 3 years: rows", f"{len(pe.rows(data)):,}")
    for frame in ("rows", "scores", "money", "findings"):
        line(
            f"second call, pe.{frame}",
            f"{1e3 * fastest(lambda f=frame: getattr(pe, f)(data)):.0f} ms",
            f"≤ {AGAIN:.0f} s",
        )
    changed = data / names[0] / "2023" / "indicators.csv"
    changed.write_text(changed.read_text(encoding="utf-8").replace("第1项", "第一项"), encoding="utf-8")
    line("one file changed", f"{timed(lambda: pe.rows(data)):.2f} s")


def country(folder: Path, offices: int, rows: int, years: int) -> None:
    """The whole country: one office, and completion by year and category over all rows."""
    import perfeval as pe

    names = ids(offices)
    asked = names[:: max(1, offices // ASKED)][:ASKED]
    if not folder.exists():
        listed(folder / "data", names, PER_DISTRICT)
        for name in asked:
            for year in range(FIRST_YEAR, FIRST_YEAR + years):
                write(folder / "data" / name / str(year), rows, year)
        pe.rows(folder / "data", subdistrict=asked[:EVALUATED])
        generate(folder, names, asked[:EVALUATED])
    stored = folder / "outputs" / "rows" / "hubei" / "rows"
    parquet = sorted(stored.glob("*.parquet"))
    size = sum(file.stat().st_size for file in parquet)
    whole = offices * rows * years
    line(f"{offices:,} offices × {years} years: {whole:,} rows", f"{len(parquet):,} files, {size / 1e6:.0f} MB")
    took = []
    for name in asked:
        gc.collect()
        start = time.perf_counter()
        one = pe.rows(folder / "data", subdistrict=name)
        took.append(time.perf_counter() - start)
        assert len(one) == rows * years  # noqa: S101  # the right office
        assert set(one["subdistrict"]) == {name}  # noqa: S101
    line("one office, each another: the first call", f"{1e3 * took[0]:.0f} ms")
    line(
        "after that: median (fastest)",
        f"{1e3 * statistics.median(took[1:]):.1f} ms ({1e3 * min(took):.1f})",
        f"≤ {1e3 * ONE:.0f} ms",
    )
    engines(stored, whole)


def engines(stored: Path, whole: int) -> None:
    """Completion by year and category over all rows: ours, DuckDB, polars, the counts compared."""
    import duckdb
    import polars as pl

    import perfeval as pe

    glob = (stored / "*.parquet").as_posix()
    query = f"select year, category, status, count(*) from read_parquet('{glob}') group by all"  # noqa: S608  # our own folder

    def ours() -> dict[tuple[int, str], tuple[int, int, int]]:
        counted = pe.completion(stored.parent, ["year", "category"])
        return {(one.year, one.category): (one.rows, one.met, one.missed) for one in counted.itertuples()}

    def theirs() -> dict[tuple[int, str], tuple[int, int, int]]:
        return together(duckdb.sql(query).fetchall())

    def polars() -> dict[tuple[int, str], tuple[int, int, int]]:
        lazy = pl.scan_parquet(glob).group_by("year", "category", "status").len().collect()
        return together(lazy.rows())

    answers = [ours(), theirs(), polars()]
    assert answers[0] == answers[1] == answers[2]  # noqa: S101  # all count alike
    assert sum(one[0] for one in answers[0].values()) == whole  # noqa: S101
    mine, duck, bear = (both(work) for work in (ours, theirs, polars))
    said = f"{told(duck)}; perfeval {mine[0] / duck[0]:.2f} × (CPU {mine[1] / duck[1]:.2f} ×)"
    line("completion by year and category: perfeval", told(mine), f"≤ {RATIO} × DuckDB")
    line("the same by DuckDB", said)
    line("the same by polars", told(bear))
    where(stored)


def where(stored: Path) -> None:
    """Where our time goes: opening every file, reading its columns, counting."""
    import pyarrow.parquet as pq

    from perfeval.analysis.rows.derived import completion_of
    from perfeval.analysis.rows.keeping import columns_of

    by = ["year", "category"]
    files = sorted(stored.glob("*.parquet"))

    def opening() -> None:
        for file in files:
            pq.ParquetFile(file, pre_buffer=False).close()

    def reading() -> object:
        return columns_of(stored.parent, stored.name, [*by, "status"])

    held = columns_of(stored.parent, stored.name, [*by, "status"])
    line("of this: opening each file, one after another", told(both(opening)))
    line("opening and reading three columns, on all cores", told(both(reading)))
    line("counting what was read", told(both(lambda: completion_of(held, by))))


def both(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of the fastest of several calls."""
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        wall = timed(work)
        found.append((wall, time.process_time() - began))
    return min(one[0] for one in found), min(one[1] for one in found)


def told(seconds: tuple[float, float]) -> str:
    """Wall and CPU seconds."""
    return f"{seconds[0]:.2f} s ({seconds[1]:.2f} CPU s)"


def together(counts: list[tuple[int, str, str, int]]) -> dict[tuple[int, str], tuple[int, int, int]]:
    """(rows, met, missed) by year and category."""
    found: dict[tuple[int, str], tuple[int, int, int]] = {}
    for year, category, status, count in counts:
        rows, met, missed = found.get((year, category), (0, 0, 0))
        found[year, category] = rows + count, met + count * (status == "完成"), missed + count * (status == "未完成")
    return found


def generate(folder: Path, names: list[str], evaluated: list[str]) -> None:
    """The store of all offices: those evaluated as they are, everyone else with their rows and his own fingerprints."""
    import pyarrow as pa

    from perfeval.analysis.rows import parquet
    from perfeval.ingest import holdings
    from perfeval.model.columns import STORED

    stored = folder / "outputs" / "rows" / "hubei"
    prints = holdings.fingerprints(folder / "data")
    made = {}
    for group in parquet.groups(stored):
        for frame in STORED:
            file = parquet.opened(stored, frame, group)
            for name, office in file.contents.offices.items():
                made[frame, name] = file.contents.base, office, file.whole().slice(*bounds(office))
            file.close()
    for first in range(0, len(names), PER_DISTRICT):
        tables, contents = {}, {}
        for frame in STORED:
            parts, offices, start = [], {}, 0
            for number, name in enumerate(names[first : first + PER_DISTRICT], start=first):
                model = name if name in evaluated else evaluated[number % len(evaluated)]
                base, office, table = made[frame, model]
                whole, years = prints.get(name, (office.print, {}))
                fragments = {}
                for year, one in office.years.items():
                    fragments[year] = parquet.Fragment(years.get(year, one.print), start, one.count, one.why)
                    start += one.count
                offices[name] = parquet.Office(whole, office.note, fragments)
                parts.append(table if name == model else renamed(table, name, district_of(first)))
            tables[frame], contents[frame] = pa.concat_tables(parts), parquet.Contents(base, offices)
        parquet.write(stored, district_of(first), tables, contents)


def bounds(office) -> tuple[int, int]:  # an Office of the store
    """Where an office's rows begin, and how many there are."""
    held = list(office.years.values())
    return held[0].start, sum(one.count for one in held)


def renamed(table, name: str, district: str):  # an Arrow table
    """The rows of another office."""
    import pyarrow as pa

    for column, word in (("subdistrict", name), ("name", f"示例{name}街道办事处"), ("district", district)):
        place = table.schema.get_field_index(column)
        table = table.set_column(place, table.schema.field(place), pa.array([word] * table.num_rows, pa.string()))
    return table


def ids(offices: int) -> list[str]:
    """Fictional offices."""
    return [f"S{number:06}" for number in range(offices)]


def district_of(number: int, size: int = PER_DISTRICT) -> str:
    """The district of an office by its number."""
    return f"示例区{number // size:05}"


def listed(data: Path, names: list[str], size: int) -> None:
    """The project with the list of its offices."""
    data.mkdir(parents=True)
    (data.parent / "perfeval.toml").write_text("", encoding="utf-8")
    with (data / "subdistricts.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "name", "district", "city", "aliases", "synthetic"])
        for number, name in enumerate(names):
            lines.writerow([name, f"示例{name}街道办事处", district_of(number, size), "示例市", "", "是"])


def write(folder: Path, rows: int, year: int) -> None:
    """The files of one office and year."""
    from zlib import crc32

    folder.mkdir(parents=True)
    lines = ["goal_no,goal,category,indicator,target,actual,weight,declared_score,declared_met,reason"]
    seed = crc32(f"{folder.parent.name}-{year}".encode())
    for place in range(rows):
        done = 85 + (seed + place * 13) % 21
        met, why = ("完成", "") if done >= 95 else ("未完成", "经费下达较晚，部分工作顺延到下一年度")  # noqa: PLR2004
        goal, name = place // 10 + 1, f"第{place + 1}项示例工作完成率"
        lines.append(f"{goal},示例目标{goal}经费,{CATEGORIES[place % 4]},{name},≥95%,{done}%,2,1.5,{met},{why}")
    (folder / "indicators.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    money = ["item,opening,adjusted,executed"]
    money += [f"{item},1200.00,1200.50,1199.{year % 100:02}" for item in ("基本支出", "项目支出")]
    money += [f"部门整体支出,2400.00,2401.00,{2 * 1199 + 2 * (year % 100) / 100:.2f}"]
    (folder / "budget.csv").write_text("\n".join(money) + "\n", encoding="utf-8")
    (folder / "narrative.toml").write_text('declared_score = "95.5"\n', encoding="utf-8")


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of several calls."""
    return min(timed(work) for _ in range(REPEATS))


def line(what: str, measured: str, goal: str = "") -> None:
    """A line of the table."""
    print(f"| {what} | {measured} | {goal} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())

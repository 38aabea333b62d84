"""How fast each container is read, and with how much memory, beside bare pandas in the same run.

``python benchmarks/reading.py [--quick]`` prints Markdown tables. Every case runs in a process of its own, so that its
peak memory is its own; memory is counted above what the imports take. Files are generated into a temporary folder.
"""

import argparse
import copy
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADINGS = [
    *[
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因",
        "金额",
        "比率",
        "日期",
        "编号",
    ]
]
COLUMNS = len(HEADINGS)
CONTAINERS = ("csv", "tsv", "txt", "xlsx", "xls", "ods", "docx", "parquet")
LIMITS = {"xls": 65_000, "docx": 5_000}
"""Rows: an .xls holds 65,536, and no Word table is long."""
REPEATS = 40


def row(number: int) -> list[object]:
    """One row of an indicator table, with the kinds of cells such tables have."""
    names = [("产出", "数量指标"), ("产出", "质量指标"), ("效益", "社会效益指标"), ("满意度", "满意度指标")][number % 4]
    amount = round(1 + number * 7919 % 1_000_000 / 100, 2)
    return [*names, f"第{number}项指标完成情况", "≥95%", f"{90 + number % 10}%", 10, number % 11, "", amount, 0.5,
            "2022-12-31", f"{number:06}"]  # fmt: skip


def write(path: Path, rows: int) -> None:
    """A file of so many rows; .xls and .ods need LibreOffice."""
    import docx
    import openpyxl
    import pandas as pd

    kind = path.suffix[1:]
    data = [HEADINGS, *[row(number) for number in range(rows)]]
    if kind in {"csv", "tsv"}:
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            csv.writer(target, delimiter="," if kind == "csv" else "\t").writerows(data)
    elif kind == "txt":
        path.write_text("\n".join(" | ".join(map(str, line)) for line in data), encoding="utf-8")
    elif kind == "parquet":
        pd.DataFrame(data[1:], columns=HEADINGS).to_parquet(path)
    elif kind == "docx":
        document = docx.Document()
        table = document.add_table(0, COLUMNS)
        blank = table.add_row()._tr
        rows_xml = [copy.deepcopy(blank) for _ in data]
        table._tbl.remove(blank)
        for element, line in zip(rows_xml, data, strict=True):
            for cell, value in zip(element.tc_lst, line, strict=True):
                cell.p_lst[0].add_r().text = str(value)
            table._tbl.append(element)
        document.save(str(path))
    else:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("自评表")
        for line in data:
            cells = [openpyxl.cell.WriteOnlyCell(sheet, value) for value in line]
            cells[8].number_format, cells[9].number_format = "#,##0.00", "0%"
            sheet.append(cells)
        source = path.with_suffix(".xlsx")
        book.save(source)
        if kind != "xlsx":
            profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
            command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(path.parent)]
            command.append(str(source))
            subprocess.run(command, check=True, capture_output=True)


def ours(path: Path) -> int:
    """Rows read by perfeval."""
    from perfeval.ingest.containers import read_content

    content = read_content(path)
    return sum(len(block.rows) for block in content.blocks if hasattr(block, "rows"))


def pandas(path: Path) -> int:
    """Rows read by bare pandas, as text where it can."""
    import pandas as pd

    kind = path.suffix[1:]
    if kind in {"csv", "tsv", "txt"}:
        separator = {"csv": ",", "tsv": "\t", "txt": "|"}[kind]
        return len(pd.read_csv(path, dtype=str, sep=separator, header=None, encoding="utf-8-sig"))
    if kind == "parquet":
        return len(pd.read_parquet(path)) + 1
    if kind == "docx":
        import docx

        rows = [line for table in docx.Document(str(path)).tables for line in table.rows]
        return len([[cell.text for cell in line.cells] for line in rows])
    engine = "openpyxl" if kind == "xlsx" else "calamine"
    return len(pd.read_excel(path, dtype=str, header=None, engine=engine))


def measured(who: str, path: Path) -> dict[str, float]:
    """One read in a process of its own: rows, seconds, and MB above what the imports took."""
    code = (
        "import json, resource, sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import reading;"
        "import pandas, openpyxl, perfeval.ingest.containers;"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024;"
        "before = peak(); began = time.perf_counter();"
        "rows = getattr(reading, sys.argv[2])(Path(sys.argv[3]));"
        "print(json.dumps({'rows': rows, 'seconds': time.perf_counter() - began, 'megabytes': peak() - before}))"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), who, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return dict(json.loads(done.stdout))


def containers(sizes: list[int]) -> None:
    """Print rows a second and peak memory of every container."""
    print("| 容器 | 行数 | perfeval 行/秒 | 峰值内存 MB | pandas 行/秒 | 峰值内存 MB | 时间之比 |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in CONTAINERS:
            for rows in dict.fromkeys(min(size, LIMITS.get(kind, size)) for size in sizes):
                path = Path(folder) / f"{rows}.{kind}"
                write(path, rows)
                own, bare = measured("ours", path), measured("pandas", path)
                if own["rows"] != rows + 1:
                    raise SystemExit(f"{path.name}: {own['rows']} rows read of {rows + 1}")
                print(f"| .{kind} | {rows:,} | {rows / own['seconds']:,.0f} | {own['megabytes']:.0f} "
                      f"| {rows / bare['seconds']:,.0f} | {bare['megabytes']:.0f} "
                      f"| {own['seconds'] / bare['seconds']:.2f} |", flush=True)  # fmt: skip


def forms() -> None:
    """Print what importing one form costs beside reading its cells with the bare library."""
    import openpyxl
    import python_calamine

    from perfeval.ingest.containers import read_content
    from perfeval.ingest.document import Document
    from perfeval.ingest.example import EXAMPLE_BUDGET, EXAMPLE_INDICATORS, EXAMPLE_UNIT
    from perfeval.ingest.template import write_filled

    try:
        from perfeval.ingest.forms import recognise
    except ImportError:
        recognise = None

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_filled(path, Document("", "", 1.0, unit=EXAMPLE_UNIT, year=2022, budget=EXAMPLE_BUDGET,
                                    indicators=EXAMPLE_INDICATORS))  # fmt: skip
        cases = {
            "openpyxl（逐格读值）": lambda: [list(sheet.values) for sheet in openpyxl.load_workbook(path)],
            "calamine（逐格读值）": lambda: [
                python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
            ],
            "perfeval 读出单元格": lambda: read_content(path),
        }
        if recognise is not None:
            cases["perfeval 读出并识别"] = lambda: recognise(read_content(path))
        seconds = {name: _median(case) for name, case in cases.items()}
    base = seconds["openpyxl（逐格读值）"]
    print("\n| 一份自评表 | 毫秒 | 与openpyxl之比 |\n|---|---:|---:|")
    for name, spent in seconds.items():
        print(f"| {name} | {spent * 1000:.1f} | {spent / base:.2f} |")


def _median(case: object) -> float:
    spent = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        case()  # type: ignore[operator]
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="5,000 rows only")
    sizes = [5_000] if options.parse_args().quick else [5_000, 100_000]
    containers(sizes)
    forms()

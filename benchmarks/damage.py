"""Damaged files on the importers: no exception of another's, no abort, no hang, no swollen memory.

``python benchmarks/damage.py [--files 20000] [--seed 0]`` mutates small samples of every container (bytes of the file,
and of the parts inside zipped ones, with the checksums made good), reads each in a child process as ``import`` would,
and prints a table by container. What a child does not survive is named with seed and number, so that it can be made
again. Exit code 1 where anything failed.
"""

import argparse
import csv
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

CONTAINERS = ("xlsx", "xls", "ods", "docx", "csv", "txt")
SECONDS, MEGABYTES = 5, 500
"""More than either is a failure."""
UNEXPECTED = "E727"
"""What a recogniser's own exception is reported as."""
BATCH = 250
"""Files a child reads before it is replaced, so that the peak of its memory says which of them swelled it."""
ROWS = [
    ["项目支出绩效自评表"],
    ["（2023年度）"],
    ["项目名称", "示例项目", "", "实施单位", "示例街道办事处"],
    ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "年度资金总额", 100, 100, 80.5, 10, "80.5%", 8.05],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["产出指标", "数量指标", "巡查次数", "≥50次", "52次", 50, 50, ""],
    ["效益指标", "社会效益指标", "投诉下降率", "≥10%", 0.12, 30, 30, ""],
    ["满意度指标", "服务对象满意度指标", "居民满意度", "≥90%", "95%", 10, 9, "样本少"],
    ["总分", "", "", "", "", 100, 97.05, ""],
]


def samples(folder: Path) -> dict[str, bytes]:
    """A small form in every container; .xls and .ods by LibreOffice."""
    import docx
    import openpyxl

    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["E8"].number_format = "0%"
    book.active.merge_cells("A5:A6")
    book.active.column_dimensions["I"].hidden = True
    book.save(folder / "a.xlsx")
    document = docx.Document()
    document.add_paragraph("2023年度项目支出绩效自评表", style="List Number")
    table = document.add_table(rows=0, cols=8)
    for row in ROWS:
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=False):
            cell.text = str(value)
    table.cell(0, 0).merge(table.cell(0, 7))
    document.save(folder / "a.docx")
    text = io.StringIO()
    csv.writer(text).writerows(ROWS)
    (folder / "a.csv").write_text(text.getvalue(), encoding="utf-8-sig")
    (folder / "a.txt").write_text("\n".join(" | ".join(map(str, row)) for row in ROWS), encoding="gb18030")
    for kind in ("xls", "ods"):
        command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                   "--convert-to", kind, "--outdir", str(folder), str(folder / "a.xlsx")]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
    return {kind: (folder / f"a.{kind}").read_bytes() for kind in CONTAINERS}


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The file with one to eight places changed, or of a zipped one a part of it."""
    if not raw.startswith(b"PK") or chance.random() < 0.3:  # noqa: PLR2004
        return mutated(raw, chance)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = chance.choice([name for name in parts if name.endswith(".xml")])
    parts[chosen] = mutated_markup(parts[chosen], chance) if chance.random() < 0.7 else mutated(parts[chosen], chance)  # noqa: PLR2004
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return whole.getvalue()


NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, set to edge values, cut out, doubled, or the end cut off."""
    found = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        if not found:
            break
        at, size = chance.randrange(len(found)), chance.choice((1, 2, 4, 16, 256))
        kind = chance.randrange(6)
        if kind == 0:
            found[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            width = chance.choice((1, 2, 4))
            found[at : at + width] = (chance.choice(NUMBERS) & (256**width - 1)).to_bytes(width, "little")
        elif kind == 2:  # noqa: PLR2004
            del found[at : at + size]
        elif kind == 3:  # noqa: PLR2004
            found[at:at] = found[at : at + size]
        elif kind == 4:  # noqa: PLR2004
            found[at : at + size] = chance.randbytes(min(size, len(found) - at))
        elif chance.random() < 0.3:  # noqa: PLR2004
            del found[at:]
    return bytes(found)


EXTREMES = (
    "0",
    "-1",
    "99999999999",
    "1e308",
    "NaN",
    "",
    "IV65536",
    "XFD1048576",
    "A0",
    "٣",
    "0x10",
    "\U0001f600",
    "１",
)


def mutated_markup(part: bytes, chance: random.Random) -> bytes:
    """XML that stays well-formed: attribute values and texts exchanged for others or for extremes, elements doubled."""
    import re

    text = part.decode("utf-8", errors="replace")
    for _ in range(chance.randint(1, 4)):
        values = list(re.finditer(r'"([^"<>]{0,60})"|>([^<>]{1,60})<', text))
        if not values:
            return part
        target, other = chance.choice(values), chance.choice(values)
        group = 1 if target[1] is not None else 2
        new = chance.choice(EXTREMES) if chance.random() < 0.6 else (other[1] or other[2] or "")  # noqa: PLR2004
        text = text[: target.start(group)] + new + text[target.end(group) :]
    return text.encode()


def read_batch(folder: Path) -> None:
    """In the child: read every file of a folder as import does; a line of JSON for each."""
    from perfeval.ingest.containers import parse_content
    from perfeval.ingest.importing import recognised

    warm = parse_content(b"a,b\n1,2\n", "a.csv")
    recognised(warm)
    for path in sorted(folder.iterdir()):
        print(json.dumps({"begin": path.name}), flush=True)
        start = time.perf_counter()
        try:
            found = recognised(parse_content(path.read_bytes(), path.name))
            codes = sorted({one.code for document in found for one in document.problems})
            said = {"read": any(document.family for document in found), "codes": codes}
            if UNEXPECTED in codes:
                said["error"] = next(one.message for one in found[0].problems if one.code == UNEXPECTED)
        except BaseException as error:  # that is what is looked for
            said = {"error": f"{type(error).__name__}: {error}"}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"end": path.name, "seconds": time.perf_counter() - start, "peak": peak, **said}), flush=True)


def run_batch(folder: Path, seconds: float) -> tuple[list[dict[str, object]], str]:
    """What a child says of its files, and how it ended where it did not end well."""
    command = [sys.executable, __file__, "--child", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        out, code = done.stdout, done.returncode
        tail = done.stderr.strip().splitlines()[-1:] if code else []
    except subprocess.TimeoutExpired as expired:
        raw = expired.stdout or b""
        out, code, tail = raw.decode() if isinstance(raw, bytes) else raw, 1, ["hang"]
    return [json.loads(line) for line in out.splitlines()], "" if not code else f"exit {code} {''.join(tail)}"


def main() -> int:
    """Make, read and count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--child", type=Path)
    given = options.parse_args()
    if given.child:
        read_batch(given.child)
        return 0
    failures: list[str] = []
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in CONTAINERS}
    slowest: dict[str, float] = dict.fromkeys(CONTAINERS, 0.0)
    peaks: dict[str, int] = dict.fromkeys(CONTAINERS, 0)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        originals = samples(place)
        each = given.files // len(CONTAINERS)
        for kind in CONTAINERS:
            numbers = list(range(each))
            while numbers:
                batch, numbers = numbers[:BATCH], numbers[BATCH:]
                folder = place / "batch"
                folder.mkdir()
                for number in batch:
                    chance = random.Random(f"{given.seed}/{kind}/{number}")  # noqa: S311  # to be made again, not secret
                    (folder / f"{number:06}.{kind}").write_bytes(damaged(originals[kind], chance))
                said, ended = run_batch(folder, 60 + SECONDS * 4 + len(batch))
                done = [one for one in said if "end" in one]
                for one in done:
                    counts[kind]["read" if one.get("read") else "error" if "error" in one else "refused"] += 1
                    slowest[kind] = max(slowest[kind], float(str(one["seconds"])))
                    peaks[kind] = max(peaks[kind], int(str(one["peak"])))
                    if "error" in one or float(str(one["seconds"])) > SECONDS or int(str(one["peak"])) > MEGABYTES:
                        failures.append(f"{kind} {one}")
                if ended:
                    last = said[-1].get("begin") if said else "?"
                    failures.append(f"{kind} {last}: {ended}")
                    counts[kind]["died"] += 1
                    numbers = (
                        [number for number in batch if number > int(str(last)[:6] or 0)] + numbers if said else numbers
                    )
                for path in folder.iterdir():
                    path.unlink()
                folder.rmdir()
    print("| container | files | read | refused | errors | died | slowest s | peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for kind, count in counts.items():
        cells = (sum(count.values()), *(count[name] for name in ("read", "refused", "error", "died")))
        print(f"| {kind} | {' | '.join(map(str, cells))} | {slowest[kind]:.2f} | {peaks[kind]} |")
    print(f"\nseed {given.seed}; {len(failures)} failures")
    print("\n".join(failures[:50]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

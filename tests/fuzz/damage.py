"""Damaged files on the importers: no exception of another's, no abort, no hang, no swollen memory.

``python tests/fuzz/damage.py [--files 20000] [--seed 0]`` mutates the small files of ``corpus/``, one of every container
(bytes of the file, and of the parts inside zipped ones, with the checksums made good), reads each in a child process as
``import`` would, marks problems in one of ten workbooks (``import --problems``), and prints a table by sample. What a
child does not survive is named with seed and number, so that it can be made again: ``--show NAME NUMBER``. Exit code 1
where anything failed. The ordinary tests read a few of each. Those that LibreOffice converts are few: it takes seconds.

The mutators are here, and only here. Files that once broke a reader stay in ``corpus/`` as they are (``was-*``), and are
read unchanged before the others.
"""

import argparse
import io
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).with_name("corpus")
SECONDS, MEGABYTES = 5, 500
"""Of processor time and of memory; more than either is a failure."""
UNEXPECTED = "E727"
"""What a recogniser's own exception is reported as."""
CONVERTED, SHARE = (".doc", ".rtf"), 50
"""Samples that LibreOffice converts, and of how many files of another one there is one of these."""
MARKS = 10
"""Of how many workbooks one is marked."""
BATCH = 250
"""Files a child reads before it is replaced, so that the peak of its memory says which of them swelled it."""


def samples() -> dict[str, bytes]:
    """Whole files by name (``form.xlsx``, ``report.docx``)."""
    return {path.name: path.read_bytes() for path in sorted(CORPUS.iterdir()) if not path.name.startswith("was-")}


CENTRAL = ("document.xml", "content.xml", "sheet1.xml", "workbook.xml", "styles.xml", "sheet1.bin", "workbook.bin")
"""Parts of zipped files that most of the reading is of."""


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The file with one to eight places changed, or of a zipped one a part of it."""
    if not raw.startswith(b"PK") or chance.random() < 0.3:
        return mutated(raw, chance)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels", ".bin"))]
    chosen = chance.choice([name for name in names if name.endswith(CENTRAL)] if chance.random() < 0.7 else names)
    as_text = chance.random() < 0.7 and not chosen.endswith(".bin")
    parts[chosen] = mutated_markup(parts[chosen], chance) if as_text else mutated(parts[chosen], chance)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # without a clock
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
        elif kind == 2:
            del found[at : at + size]
        elif kind == 3:
            found[at:at] = found[at : at + size]
        elif kind == 4:
            found[at : at + size] = chance.randbytes(min(size, len(found) - at))
        elif chance.random() < 0.3:
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
    text = part.decode("utf-8", errors="replace")
    for _ in range(chance.randint(1, 4)):
        values = list(re.finditer(r'"([^"<>]{0,60})"|>([^<>]{1,60})<', text))
        if not values:
            return part
        target, other = chance.choice(values), chance.choice(values)
        group = 1 if target[1] is not None else 2
        new = chance.choice(EXTREMES) if chance.random() < 0.6 else (other[1] or other[2] or "")
        text = text[: target.start(group)] + new + text[target.end(group) :]
    return text.encode()


def peak_mb() -> int:
    """The most memory this program has held, or one that it started. (``getrusage`` counts a parent's before the exec.)"""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    own = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))[1])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024


def read_batch(folder: Path) -> None:
    """In the child: read every file of a folder as import does; a line of JSON for each."""
    from perfeval.ingest.containers import parse_content
    from perfeval.ingest.importing import recognised
    from perfeval.ingest.markedworkbook import mark_documents

    for name, raw in samples().items():  # loads what is loaded once
        if not name.endswith(CONVERTED):
            recognised(parse_content(raw, name))
    for path in sorted(folder.iterdir()):
        print(json.dumps({"begin": path.name}), flush=True)
        start = seconds()
        try:
            found = recognised(parse_content(path.read_bytes(), path.name))
            told = [one for document in found for one in document.problems]
            said = {"read": any(document.family for document in found), "codes": sorted({one.code for one in told})}
            if UNEXPECTED in said["codes"]:
                said["error"] = next(one.message for one in told if one.code == UNEXPECTED)
            if path.suffix == ".xlsx" and int(path.name.partition(".")[0]) % MARKS == 0:
                mine = [replace(document, file=str(path)) for document in found]
                mark_documents(path.with_suffix(".marked"), mine, [replace(one, file=str(path)) for one in told])
        except BaseException as error:  # that is what is looked for
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"end": path.name, "seconds": seconds() - start, "peak": peak_mb(), **said}), flush=True)


def seconds() -> float:
    """Of processor time, of this process and of those that it started."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def run_batch(folder: Path, seconds: float) -> tuple[list[dict[str, Any]], str]:
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


@dataclass
class Tally:
    """What became of the files made from one sample."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    peak: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, name: str, said: dict[str, Any]) -> None:
        """Count what a child says of one file."""
        self.outcomes["read" if said.get("read") else "error" if "error" in said else "refused"] += 1
        self.slowest, self.peak = max(self.slowest, said["seconds"]), max(self.peak, said["peak"])
        if "error" in said or said["seconds"] > SECONDS or said["peak"] > MEGABYTES:
            self.failures.append(f"{name} {said}")

    def died(self, how: str) -> None:
        """A child ended while it read one of these."""
        self.outcomes["died"] += 1
        self.failures.append(how)


def made(name: str, raw: bytes, seed: int, number: int) -> tuple[str, bytes]:
    """The damaged file of this number, and what it is called: the same on every machine."""
    return f"{number:06}.{name}", damaged(raw, random.Random(f"{seed}/{name}/{number}"))  # noqa: S311  # to be made again


def kept() -> list[tuple[str, bytes]]:
    """Files that once broke a reader, as they were."""
    return [(f"000000.{path.name}", path.read_bytes()) for path in sorted(CORPUS.glob("was-*"))]


def fuzz(files: Iterable[tuple[str, bytes]], place: Path) -> dict[str, Tally]:
    """Read files in children that are replaced after each batch: what became of them, by sample."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    left = deque(files)
    while left:
        batch = [left.popleft() for _ in range(min(BATCH, len(left)))]
        folder = place / "batch"
        folder.mkdir()
        for name, raw in batch:
            (folder / name).write_bytes(raw)
        said, ended = run_batch(folder, 60 + SECONDS * 4 + len(batch))
        shutil.rmtree(folder)
        done = {one["end"]: one for one in said if "end" in one}
        for name, one in done.items():
            tallies[name.partition(".")[2]].add(name, one)
        if ended:
            fatal = str(said[-1].get("begin", "")) if said else ""
            tallies[fatal.partition(".")[2] or "no file"].died(f"{fatal}: {ended}")
            left.extend(pair for pair in batch if fatal and pair[0] not in {*done, fatal})
    return dict(tallies)


def table(tallies: dict[str, Tally]) -> str:
    """What became of all files, a line a sample."""
    lines = ["| sample | files | read | refused | errors | died | slowest CPU s | peak MB |", "|---|" + "--:|" * 7]
    for name, tally in tallies.items():
        counts = (tally.outcomes.total(), *(tally.outcomes[kind] for kind in ("read", "refused", "error", "died")))
        lines.append(f"| {name} | {' | '.join(map(str, counts))} | {tally.slowest:.2f} | {tally.peak} |")
    return "\n".join(lines)


def main() -> int:
    """Make, read and count."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--only", default="", help="samples whose names contain this")
    options.add_argument(
        "--show", nargs=2, metavar=("NAME", "NUMBER"), help="write one damaged file to standard output"
    )
    options.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        read_batch(given.child)
        return 0
    originals = {name: raw for name, raw in samples().items() if given.only in name}
    if given.show:
        name, number = given.show
        sys.stdout.buffer.write(made(name, originals[name], given.seed, int(number))[1])
        return 0
    each = given.files // (sum(not name.endswith(CONVERTED) for name in originals) or 1)
    damages = (
        made(name, raw, given.seed, number)
        for name, raw in originals.items()
        for number in range(max(1, each // SHARE) if name.endswith(CONVERTED) else each)
    )
    with tempfile.TemporaryDirectory() as place:
        tallies = fuzz([*kept(), *damages], Path(place))
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    print(table(tallies))
    print(f"\nseed {given.seed}; {len(failures)} failures")
    print("\n".join(failures[:50]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

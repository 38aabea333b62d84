"""What an import replaces is kept under ``data/.replaced/``, and can be brought back.

``data/.replaced/<when>/<subdistrict>/<year>/`` holds the tables and words of a sub-district-year as they were before an
import with ``--replace``, one folder ``<when>`` an import. Bringing back keeps in its turn what it replaces: doing it
twice changes nothing. The folder may be deleted at any time; what was replaced is then gone.
"""

import datetime as dt
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from perfeval.ingest.directory import NARRATIVE, TABLES, Unit, file_of, subfolders
from perfeval.model.errors import NotOnFile

FOLDER = ".replaced"
NAME = re.compile(r"([0-9]{8}-[0-9]{6})-([0-9]{3,})")
"""When an import was, and which of that second."""
FILES = (*TABLES, NARRATIVE)
"""What an import writes for a sub-district-year."""


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """A sub-district-year that is again as it was before an import."""

    unit: Unit
    files: tuple[str, ...]
    """The files that are there now."""
    kept: Path
    """Where the files are that stood there until now."""


def new_keep(root: Path) -> Path:
    """A folder name for what one import replaces, after those of all imports before; nothing is made yet.

    Names tell which import was the last, also where the clock has been set back since.
    """
    now = dt.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    taken = [found for path in subfolders_of(root / FOLDER) if (found := NAME.fullmatch(path.name))]
    stamp = max(now, *(found[1] for found in taken)) if taken else now
    number = 1 + max((int(found[2]) for found in taken if found[1] == stamp), default=0)
    return root / FOLDER / f"{stamp}-{number:03}"


def keep(root: Path, unit: Unit, kept: Path) -> Path | None:
    """Copy a sub-district-year's files as they are into ``kept``; where they are then, None where there are none."""
    there = [file for file in FILES if file_of(root, unit, file).is_file()]
    if not there:
        return None
    place = file_of(kept, unit, "")
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=kept) as stage:
        for file in there:
            shutil.copyfile(file_of(root, unit, file), Path(stage, file))
        place.mkdir(parents=True, exist_ok=True)
        for file in there:
            Path(stage, file).replace(place / file)
    return place


def forget(kept: Path, unit: Unit) -> None:
    """Take a sub-district-year out of a kept import, and the folders that are then empty."""
    place = file_of(kept, unit, "")
    shutil.rmtree(place, ignore_errors=False)
    for folder in (place.parent, kept, kept.parent):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def bring_back(root: Path, subdistrict: str = "", year: int | None = None) -> list[BroughtBack]:
    """Bring back what the last import replaced; with a sub-district or year, the last one that replaced any of these.

    Every sub-district-year is brought back whole or, where a file cannot be written, left as it is (``OSError``).
    Raises :class:`NotOnFile` where nothing is kept.
    """
    for kept in sorted(subfolders_of(root / FOLDER), reverse=True):
        units = [unit for unit in _units(kept) if subdistrict in {"", unit.subdistrict} and year in {None, unit.year}]
        if units:
            again = new_keep(root)
            return [_back(root, unit, kept, again) for unit in units]
    whose = "".join(filter(None, (subdistrict, f"{year}年度" if year else "")))
    raise NotOnFile(f"没有{whose and f'{whose}的'}可以恢复的数据：{(root / FOLDER).as_posix()} 里没有被替换下来的文件")


def subfolders_of(folder: Path) -> list[Path]:
    """The folders in a folder that may not be there."""
    return subfolders(folder) if folder.is_dir() else []


def _units(kept: Path) -> list[Unit]:
    years = [year for place in subfolders_of(kept) for year in subfolders_of(place) if year.name.isdecimal()]
    return [Unit(year.parent.name, int(year.name)) for year in years]


def _back(root: Path, unit: Unit, kept: Path, again: Path) -> BroughtBack:
    source = file_of(kept, unit, "")
    files = tuple(file for file in FILES if (source / file).is_file())
    now = keep(root, unit, again)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=root) as temporary:
        stage = Path(temporary)
        for file in files:
            shutil.copyfile(source / file, stage / file)
        file_of(root, unit, "").mkdir(parents=True, exist_ok=True)
        gone = [file_of(root, unit, file) for file in FILES if file not in files]
        move([(stage / file, file_of(root, unit, file)) for file in files], stage, gone)
    forget(kept, unit)
    return BroughtBack(unit, files, now or again)


def move(moves: list[tuple[Path, Path]], stage: Path, gone: list[Path] | None = None) -> None:
    """Every file into its place, and those of ``gone`` away; where one cannot be, all are put back as they were."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for number, (new, place) in enumerate([*moves, *((None, place) for place in gone or ())]):
            kept = stage / f"{number}.before" if place.exists() else None
            if kept is not None:
                shutil.copyfile(place, kept)
            if new is not None:
                new.replace(place)
            elif kept is not None:
                place.unlink()
            done.append((place, kept))
    except OSError:
        for place, kept in reversed(done):
            if kept is None:
                place.unlink(missing_ok=True)
            else:
                kept.replace(place)
        raise

"""What is on file under ``data/<subdistrict>/<year>/``: whose, for which years, and what tells it from another state.

Nothing is read as a table but the list of sub-districts: who only asks what there is, and whether it is still the same,
needs no frames.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from perfeval.ingest.directory import (
    FILES,
    MATCHES_FILE,
    Directory,
    Unit,
    data_root,
    directory,
    file_of,
    leaves,
    scan,
    state,
    subfolders,
    valid,
)
from perfeval.model.errors import NOTHING_YET, NotOnFile, nearest

Names = str | Iterable[str] | None


def units(data_dir: str | Path) -> list[tuple[str, int]]:
    """Sub-district and year of all that is on file, sorted, without a look at the files."""
    return sorted((one.subdistrict, one.year) for one in scan(data_root(data_dir))[0])


def listing(data_dir: str | Path) -> list[tuple[str, int, str, tuple[str, ...]]]:
    """Sub-district, year, name (empty where it is not listed) and files of all that is on file, sorted."""
    root = data_root(data_dir)
    named = names(root)
    return sorted(
        (one.subdistrict, one.year, named.get(one.subdistrict, ""), files(root, one)) for one in scan(root)[0]
    )


def districts(data_dir: str | Path) -> Mapping[str, str]:
    """The district of every sub-district in the list, by id; ``""`` where none is given."""
    return directory(data_root(data_dir)).districts


def city(data_dir: str | Path, district: str) -> str:
    """The city of a district's sub-districts; several where the list has a district of that name in several."""
    columns = directory(data_root(data_dir)).columns
    of = zip(columns["district"], columns["city"], strict=True)
    return "、".join(sorted({name for own, name in of if own == district and name}))


def names(data_dir: str | Path) -> dict[str, str]:
    """The name of every sub-district in the list, by id."""
    places = directory(data_root(data_dir)).columns
    return dict(zip(places["id"], places["name"], strict=True))


def resolve(data_dir: str | Path, name: str) -> str:
    """The id of the sub-district with this id, name or alias; :class:`NotOnFile` with the nearest where none is."""
    root = data_root(data_dir)
    return called(root, directory(root), name)


def called(root: Path, places: Directory, name: str) -> str:
    """:func:`resolve` with the list at hand."""
    wanted = str(name).strip()
    if wanted in places.places:
        return wanted
    known = set(places.places) | {folder.name for folder in subfolders(root) if valid(folder.name)}
    if wanted in known:
        return wanted
    found = sorted(places.called.get(wanted, ()))
    if len(found) == 1:
        return found[0]
    if found:
        raise NotOnFile(f"“{name}”同时指几个街道：{'、'.join(found)}；请改用编号")
    if wanted and wanted in places.districts.values():
        raise NotOnFile(f"“{name}”是区县，不是街道；命令里请用 --district {wanted}")
    raise NotOnFile(f"没有名为“{name}”的街道{nearest(wanted, known | set(places.called)) or f'：{NOTHING_YET}'}")


def year_before(data_dir: str | Path, subdistrict: str, year: int) -> int | None:
    """The last year on file of a sub-district (id) before ``year``; None where there is none."""
    found = (unit.year for unit in scan(data_root(data_dir), [subdistrict])[0] if unit.year < year)
    return max(found, default=None)


def fingerprint(data_dir: str | Path, subdistrict: str, year: int) -> str:
    """sha256 (hex) over names and bytes of the files that feed one sub-district-year, and its line of the directory.

    Depends on nothing else: not on where the data folder is, nor on other sub-districts. :class:`NotOnFile` where there
    is no such year.
    """
    root = data_root(data_dir)
    unit = Unit(subdistrict, int(year))
    if unit not in scan(root, [subdistrict])[0]:
        raise NotOnFile(f"街道“{subdistrict}”没有{year}年度的数据")
    return _fingerprint(root, unit, directory(root).line(subdistrict))


def fingerprint_office(data_dir: str | Path, subdistrict: str, years: Iterable[int]) -> str:
    """sha256 (hex) over everything that feeds several years of one sub-district together: :func:`fingerprint` of each
    year, and ``matches.csv``. :class:`NotOnFile` where there is no such year.
    """
    root = data_root(data_dir)
    return _together_with_matches(root, subdistrict, [fingerprint(root, subdistrict, y) for y in _ordered(years)])


def fingerprints(data_dir: str | Path, subdistricts: Names = None) -> dict[str, tuple[str, dict[int, str]]]:
    """:func:`fingerprint_office` over all its years and :func:`fingerprint` of each, of every sub-district on file or
    of those asked for (ids). Files that have not changed since are not read again. Those without data are left out.
    """
    root = data_root(data_dir)
    units = scan(root, [subdistricts] if isinstance(subdistricts, str) else subdistricts)[0]
    listed = directory(root)
    found: dict[str, dict[int, str]] = {}
    for unit in units:
        prints = found.setdefault(unit.subdistrict, {})
        prints[unit.year] = _fingerprint(root, unit, listed.line(unit.subdistrict))
    ordered = {name: dict(sorted(years.items())) for name, years in sorted(found.items())}
    return {name: (_together_with_matches(root, name, years.values()), years) for name, years in ordered.items()}


def _fingerprint(root: Path, unit: Unit, lines: list[dict[str, str]]) -> str:
    digest = hashlib.sha256(json.dumps([unit.subdistrict, unit.year, lines], sort_keys=True).encode())
    for file in files(root, unit):
        digest.update(f"\n{file} {_hash(file_of(root, unit, file))}\n".encode())
    return digest.hexdigest()


def _together_with_matches(root: Path, subdistrict: str, years: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(years).encode())
    path = root / subdistrict / MATCHES_FILE
    if path.is_file() and not leaves(path, root):
        digest.update(f"\n{MATCHES_FILE}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _ordered(years: Iterable[int]) -> list[int]:
    return sorted({int(year) for year in years})


def _hash(path: Path) -> str:
    """The sha256 of a file, read again only where its state is another one."""
    now = state(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if now is None else _kept_hash(path, now)


@lru_cache(maxsize=1 << 18)
def _kept_hash(path: Path, now: tuple[int, ...]) -> str:  # noqa: ARG001  # another state, another hash
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files(root: Path, unit: Unit) -> tuple[str, ...]:
    """The files of a sub-district-year that has a folder."""
    paths = ((file, file_of(root, unit, file)) for file in FILES)
    return tuple(file for file, path in paths if path.exists() and not leaves(path, root))

"""Temporary folders that say whose they are, so that what a killed process has left is removed by the next one.

A name holds the machine and the process. A folder is removed only where that process is gone from this machine, or
where nobody has touched it for so long that no work of ours can still be going on in it.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX, STAGE = "perfeval-", ".import-"
"""In the system's temporary folder, and in a data folder."""
FORGOTTEN_SECONDS = 24 * 3600.0
"""A folder of another machine, or without a process in its name, is removed after so long without a change."""
_OWNED = re.compile(r"(?:perfeval-|\.import-)(?:(?P<host>[0-9a-f]{8})-)?(?P<pid>[0-9]{1,10})-[a-z0-9_]+")
_NAMELESS = re.compile(r"(?:perfeval-(?:pdf-)?|\.import-)[a-z0-9_]{8}")
"""Names that earlier versions gave."""
_CONNECTION = re.compile(r"tmp[a-z0-9_]{8}\.json")
"""Files with which Jupyter tells a kernel its sockets and key, where nobody tells it a better place."""
_SOCKETS = re.compile(r"perfeval-(?P<pid>[0-9]{1,10})-[a-z0-9_]+/k$")
LARGEST = 4096


def host() -> str:
    """This machine, as names of folders say it."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


@contextmanager
def folder(inside: Path | None = None) -> Iterator[Path]:
    """A folder for the length of a piece of work, in the system's temporary folder or in ``inside``."""
    prefix = f"{STAGE if inside else PREFIX}{host()}-{os.getpid()}-"
    # A program that was started there may still be writing: Windows lets nobody delete a file in use.
    with tempfile.TemporaryDirectory(prefix=prefix, dir=inside, ignore_cleanup_errors=True) as own:
        yield Path(own)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and on the disk before its name is there; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def sweep(inside: Path | None = None) -> int:
    """Remove what killed processes of ours have left in the temporary folder, or in ``inside``; how much."""
    place = inside or Path(tempfile.gettempdir())
    removed = 0
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            with suppress(OSError, ValueError):  # it went away meanwhile, or is not ours to remove
                removed += _remove(entry, here=inside is None)
    return removed


def _remove(entry: os.DirEntry[str], *, here: bool) -> bool:
    if not entry.name.startswith((PREFIX, STAGE, "tmp")) or entry.is_symlink() or not _mine(entry):
        return False
    if entry.is_dir():
        if not _abandoned(entry):
            return False
        shutil.rmtree(entry.path)
        return True
    if here and _CONNECTION.fullmatch(entry.name) and _stray(entry):
        Path(entry.path).unlink()
        return True
    return False


def _mine(entry: os.DirEntry[str]) -> bool:
    """Whether it belongs to this user, on systems that tell."""
    return not hasattr(os, "getuid") or entry.stat(follow_symlinks=False).st_uid == os.getuid()


def _abandoned(entry: os.DirEntry[str]) -> bool:
    changed = entry.stat(follow_symlinks=False).st_mtime
    owned = _OWNED.fullmatch(entry.name)
    if owned and owned["host"] in (None, host()):
        return _gone(int(owned["pid"]), changed)
    return bool(owned or _NAMELESS.fullmatch(entry.name)) and time.time() - changed > FORGOTTEN_SECONDS


def _stray(entry: os.DirEntry[str]) -> bool:
    """Whether a connection file is of a kernel whose sockets stood in a folder of ours, with its owner gone."""
    about = entry.stat(follow_symlinks=False)
    if about.st_size > LARGEST:
        return False
    told = json.loads(Path(entry.path).read_text(encoding="utf-8"))
    sockets = _SOCKETS.search(str(told.get("ip"))) if isinstance(told, dict) and "key" in told else None
    return sockets is not None and _gone(int(sockets["pid"]), about.st_mtime)


def _gone(pid: int, since: float) -> bool:
    """Whether a process that left something at that time has ended; another one may have its number since."""
    import psutil  # noqa: PLC0415  # few commands sweep, and it takes its time

    try:
        return psutil.Process(pid).create_time() > since + 1
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:  # somebody else's: it may still be there
        return False

"""What became of a report, and what it leaves; known without loading anything that runs notebooks."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

DONE, FAILED, UNCHANGED, CUT = "完成", "失败", "未变", "中断"
LISTED = ("name", "why", "score", "score_of", "grade", "declared_score", "synthetic")
"""The figures of a report that the index shows as they are."""
WITH = "@"
"""Before the parameters that were given to a report for a run, in its name."""
MOST_UNMET = 200
"""So many different names of unmet indicators are kept, by which the index is searched; the rest is counted."""

INDEX = "../../../index.html"
"""The list of all reports, from where a report's page stands (``outputs/<subject>/<period>/<report>/``)."""


class Written(NamedTuple):
    """A file as it was left."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one report."""

    report: str
    subject: str
    """A sub-district's id, or a district's name."""
    period: str
    """``2022`` or ``2019-2024``."""
    status: str
    """完成, 失败, 未变 or 中断."""
    folder: Path
    error: str = ""
    """Which cell stopped it and why, in Chinese."""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    """CPU time of its kernel, from start to end; 0 where that is not known."""
    peak_mb: float = 0.0
    """The most memory its kernel held, MB; 0 where that is not known."""
    attempts: int = 0
    """How often a kernel was started for it."""
    started: str = ""
    """When its making began; ISO 8601, UTC."""
    reason: str = ""
    """Why it was made or left alone, as the plan said."""
    outputs: Mapping[str, Written] = field(default_factory=dict)
    """Its files as they were left, by name; empty where it failed."""
    listed: Mapping[str, Any] = field(default_factory=dict)
    """What the index shows of its figures; empty where it failed."""

    @property
    def html(self) -> Path | None:
        """The HTML report; None where it failed."""
        return self.folder / files(self.report)[-1] if self.status in {DONE, UNCHANGED} else None

    @property
    def notebook(self) -> Path:
        """The executed notebook, of a failed report with its error; not there where no cell was reached."""
        return self.folder / files(self.report)[0]

    @property
    def result(self) -> Path | None:
        """``result.json``; None where it failed."""
        return self.folder / "result.json" if self.status in {DONE, UNCHANGED} else None

    @property
    def figures(self) -> dict[str, Any]:
        """The content of result.json, read when asked for (a batch of thousands does not hold it); empty of a failure.

        Raises OSError where the file is gone.
        """
        return {} if self.result is None else dict(json.loads(self.result.read_text(encoding="utf-8")))


def files(report: str) -> tuple[str, ...]:
    """The names of what a report leaves in its folder; the HTML last, so that it never stands without the others."""
    name = notebook_of(report)
    return f"{name}.ipynb", "result.json", f"{name}.html"


def notebook_of(report: str) -> str:
    """The name of a report's notebook: ``top`` of ``top@most=20``, the report with parameters of one's own."""
    return report.partition(WITH)[0]


def digest(path: Path) -> str:
    """The sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def listed(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The few figures that the index shows, in the shape they have in result.json."""
    overall, spent = figures.get("completion", {}).get("overall", {}), figures.get("execution", {})
    unmet = [one["indicator"] for one in figures.get("unmet", [])]
    names = list(dict.fromkeys(unmet))
    return {name: figures[name] for name in LISTED if name in figures} | {
        "execution": {"rate": spent.get("rate")} | ({"basis": spent["basis"]} if spent.get("basis") else {}),
        "completion": {"overall": {name: overall[name] for name in ("rows", "met", "most") if name in overall}},
        "unmet": [{"indicator": name} for name in names[:MOST_UNMET]],
        "unmet_kinds": len(names),
        "unmet_count": len(unmet),
    }


def settle(folder: Path, names: tuple[str, ...]) -> dict[str, Written]:
    """Bring files to the disk itself, so that what the ledger says of them outlasts a power cut; hash them."""
    found = {}
    for name in names:
        with (folder / name).open("rb+") as file:
            content = file.read()
            os.fsync(file.fileno())
            state = os.fstat(file.fileno())
        found[name] = Written(hashlib.sha256(content).hexdigest(), state.st_size, state.st_mtime_ns)
    return found


def untouched(outputs: Mapping[str, Written], folder: Path, *, verify: bool = False) -> bool:
    """Whether every file is there as it was left.

    Where size and time stand, so does the file: 40,000 reports are looked through in seconds, not by reading gigabytes.
    (make and git go by the same; only a change that keeps both is missed, unless ``verify`` has every byte read.) Where
    only the time has changed, as in a copied folder, the bytes decide.
    """
    try:
        return bool(outputs) and all(_same(folder / name, written, verify) for name, written in outputs.items())
    except OSError:  # it is not there, or cannot be read
        return False


def _same(path: Path, written: Written, verify: bool) -> bool:
    state = path.stat()
    if state.st_size != written.size:
        return False
    return (state.st_mtime_ns == written.mtime_ns and not verify) or digest(path) == written.sha256

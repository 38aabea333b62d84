"""What is seen of a run: a bar with rate and time left on a terminal, else a line per report; JSON for programs."""

import math
import sys
import time
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Any

import click

from perfeval.cli import options
from perfeval.cli.options import json_line
from perfeval.cli.terminal import BAR, Frames
from perfeval.model.folding import on_one_line
from perfeval.model.rounding import points
from perfeval.run import project
from perfeval.run.batch import Batch
from perfeval.run.outcome import CUT, DONE, FAILED, UNCHANGED, Report
from perfeval.run.planning import Task

NO_TITLES: Mapping[str, str] = MappingProxyType({})
SLOWEST = 3
SOON = 60
"""Seconds below which nobody asks how long it still takes."""
LISTED = 20
"""How many failures the summary repeats; all are in the index and in ``perfeval status``."""


class Progress:
    """Shows a run while it goes on, and sums it up."""

    def __init__(
        self,
        *,
        as_json: bool,
        titles: Mapping[str, str] = NO_TITLES,
        names: Mapping[str, str] = NO_TITLES,
        jobs: int = 1,
    ) -> None:
        self.as_json, self.titles, self.names, self.jobs = as_json, titles, names, jobs
        self.bar: Any = None
        self.total = self.ended = 0
        self.begun = self.first = time.perf_counter()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()

    def waiting(self, text: str) -> None:
        """Another run is waited for."""
        click.echo(text, err=True)

    def planned(self, tasks: list[Task]) -> None:
        """So many reports will be made, for these reasons."""
        self.total, self.first = len(tasks), time.perf_counter()
        if self.as_json or not tasks:
            return
        reasons = "，".join(f"{reason}{count}份" for reason, count in Counter(task.reason for task in tasks).items())
        click.echo(f"要生成{len(tasks)}份报告（{reasons}） …", err=True)
        if sys.stderr.isatty():
            drawn: Any = Frames(sys.stderr)
            from tqdm import tqdm  # no other run needs it

            self.bar = tqdm(total=len(tasks), desc="生成报告", unit="份", file=drawn, bar_format=BAR, leave=False)

    def report(self, report: Report) -> None:
        """A report has ended."""
        if self.as_json:
            click.echo(json_line(facts(report)))
        if report.status == UNCHANGED:
            return
        self.ended += 1
        if self.as_json:
            return
        if self.bar is None:
            click.echo(f"［{self.ended}/{self.total}{self._left()}］{line(report, self.titles, self.names)}")
        else:
            if report.status == FAILED:
                self.bar.clear()
                click.echo(line(report, self.titles, self.names))
            self.bar.update()

    def _left(self) -> str:
        """How long the rest takes at the rate so far; nothing where that is soon."""
        seconds = rest(time.perf_counter() - self.first, self.ended, self.total, self.jobs)
        return f"，约剩{_time(seconds)}" if seconds >= SOON else ""

    def summary(self, batch: Batch, index: str, left: int = 0) -> None:
        """The closing lines: how many, which failed and why, which were slow, what is left."""
        took = time.perf_counter() - self.begun
        counts = Counter(report.status for report in batch.reports)
        if self.as_json:
            click.echo(json_line({"summary": _totals(batch, counts, took, left), "index": index}))
            return
        if self.bar is not None:
            self.bar.close()
        parts = [f"{status}{counts[status]}份" for status in (DONE, UNCHANGED, FAILED, CUT) if counts[status]]
        parts += [f"没有做{left}份"] if left else []
        click.echo(f"{'，'.join(parts) or '没有报告'}；用时{_time(took)}。")
        if batch.failed and self.bar is None and self.ended != len(batch.failed):  # else they are what stands above
            click.echo("失败的报告：")
            for report in batch.failed[:LISTED]:
                click.echo(f"  {line(report, self.titles, self.names)}")
            if len(batch.failed) > LISTED:
                click.echo(f"  … 还有{len(batch.failed) - LISTED}份，见目录或 perfeval status")
        for text in batch.left_out:
            click.echo(f"没有生成：{text}", err=True)
        slow = batch.slowest(SLOWEST)
        if len(slow) > 1:
            told = (f"{title(report, self.titles, self.names)} {report.seconds:.1f}秒" for report in slow)
            click.echo(f"最慢的：{'；'.join(told)}")
        if batch.reports and counts[UNCHANGED] == len(batch.reports):
            click.echo("数据、笔记本、规则和程序都没有变化，无须重新生成（--force 可强制）。")
        click.echo(f"目录：{index}")


def rest(elapsed: float, ended: int, total: int, jobs: int) -> float:
    """Seconds that the rest takes, ``jobs`` reports being made at a time.

    When the first ends those begun with it are nearly ready, and what has not begun comes by turns.
    """
    slots = min(jobs, total)
    ready = max(ended, slots)
    return elapsed * slots / ready * math.ceil((total - ready) / slots)


def _totals(batch: Batch, counts: Counter[str], took: float, left: int) -> dict[str, Any]:
    return {
        "done": counts[DONE],
        "skipped": counts[UNCHANGED],
        "failed": counts[FAILED],
        "left": left,
        "left_out": list(batch.left_out),
        "seconds": round(took, 3),
        "failures": [
            {"report": one.report, "subject": one.subject, "period": one.period, "error": one.error}
            for one in batch.failed
        ],
        "slowest": [
            {"report": one.report, "subject": one.subject, "period": one.period, "seconds": round(one.seconds, 3)}
            for one in batch.slowest(SLOWEST)
        ],
    }


def facts(report: Report) -> dict[str, Any]:
    """A report's outcome for programs; paths as from the working directory."""
    return {
        "report": report.report,
        "subject": report.subject,
        "period": report.period,
        "status": report.status,
        "reason": report.reason,
        "name": report.listed.get("name"),
        "score": report.listed.get("score"),
        "html": project.shown(report.html) if report.html else None,
        "notebook": project.shown(report.notebook) if report.html or report.notebook.is_file() else None,
        "result": project.shown(report.result) if report.result else None,
        "error": report.error,
        "seconds": round(report.seconds, 3),
        "cpu_seconds": round(report.cpu_seconds, 3),
        "peak_mb": round(report.peak_mb, 1),
        "attempts": report.attempts,
    }


def title(report: Report, titles: Mapping[str, str] = NO_TITLES, names: Mapping[str, str] = NO_TITLES) -> str:
    """``荣华街道办事处 2022 年度自评报告``; where it failed, its office as the directory calls it."""
    named = report.listed.get("name") or names.get(report.subject, report.subject)
    return f"{named} {report.period} {options.title(report.report, titles)}"


def line(report: Report, titles: Mapping[str, str] = NO_TITLES, names: Mapping[str, str] = NO_TITLES) -> str:
    """A report's outcome for people."""
    if report.html is None:
        return f"{report.status}  {title(report, titles, names)}：{on_one_line(report.error)}"
    score, of = report.listed.get("score"), report.listed.get("score_of")
    scored = "" if score is None else f"复算{points(score)}分{f'（{of}）' if of else ''}  "
    return (
        f"{report.status}  {title(report, titles, names)}  {scored}{project.shown(report.html)}  {report.seconds:.1f}秒"
    )


def _time(seconds: float) -> str:
    """``35秒``, ``2分5秒``, ``1小时20分``."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004  # seconds of a minute
        return f"{seconds:.1f}秒" if whole < 10 else f"{whole}秒"  # noqa: PLR2004  # a tenth matters only of few
    minutes, rest = divmod(whole, 60)
    return f"{minutes}分{rest}秒" if minutes < 60 else f"{minutes // 60}小时{minutes % 60}分"  # noqa: PLR2004  # likewise

"""``perfeval run --dry-run``: what a run would make, and why; nothing is started or written."""

from collections import Counter
from typing import Any

import click

from perfeval.cli.printing import TITLES, print_json
from perfeval.run import planning
from perfeval.run.planning import Task
from perfeval.run.project import Project

LISTED = 100
"""More are summed up only; ``--json`` has them all."""


def show_plan(place: Project, asked: dict[str, Any], *, as_json: bool) -> int:
    """Which reports a run with these arguments of ``plan`` would make, and why."""
    tasks = planning.plan(place, **asked)
    counts = Counter(task.reason for task in tasks)
    stale = [task for task in tasks if not task.fresh]
    if as_json:
        print_json({"tasks": [_facts(task) for task in tasks], "counts": dict(counts), "to_make": len(stale)})
        return 0
    for task in stale[:LISTED]:
        click.echo(f"{task.reason}  {task.about.subject} {task.about.period} {TITLES.get(task.report, task.report)}")
    if len(stale) > LISTED:
        click.echo(f"… 还有{len(stale) - LISTED}份（--json 列出全部）")
    listed = "，".join(f"{reason}{count}份" for reason, count in counts.items())
    click.echo(f"共{len(tasks)}份报告，要生成{len(stale)}份：{listed}。")
    return 0


def _facts(task: Task) -> dict[str, str]:
    return {
        "report": task.report,
        "subject": task.about.subject,
        "period": task.about.period,
        "reason": task.reason,
        "fingerprint": task.origin.fingerprint,
    }

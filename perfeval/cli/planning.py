"""``perfeval plan``: what a run would make, and why; nothing is started or written."""

from collections import Counter
from typing import Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.printing import TITLES, print_json
from perfeval.evaluating import find
from perfeval.run import project
from perfeval.run.planning import Task

LISTED = 100
"""More are summed up only; ``--json`` has them all."""


@click.command(cls=Chinese)
@options.units
@options.reports
@options.ruleset
@click.option("--force", is_flag=True, help="当作要全部重新生成")
@options.verify
@options.outputs
@options.data
@options.as_json
def plan(outputs: str | None, data: str | None, as_json: bool, **asked: Any) -> int:
    """说明下次 perfeval run 会生成哪些报告、为什么；什么也不启动。"""
    from perfeval.run import planning

    place = project.find().with_folders(data, outputs)
    find(asked["ruleset"] or place.ruleset, place.data.parent)
    tasks = planning.plan(place, **options.selected(asked))
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

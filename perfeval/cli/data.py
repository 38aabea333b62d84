"""``perfeval check`` and ``perfeval list``: what is on file and what is wrong with it."""

from dataclasses import asdict

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.printing import TITLES, TROUBLE, bar, print_json
from perfeval.model.errors import NOTE, SEVERITIES


@click.command(cls=Chinese)
@options.units
@options.data
@options.as_json
def check(subdistricts: tuple[str, ...], years: tuple[int, ...], data: str | None, as_json: bool) -> int:
    """检查数据和设置：列出会使报告做不成的每一处，及每一处问题的文件、行、列、值和改法。"""
    from perfeval.checking import check as checked
    from perfeval.model.cores import cores

    with bar("检查", "个街道", quiet=as_json) as advance:
        problems = checked(
            subdistricts=subdistricts or None, years=years or None, data=data, jobs=cores(), each=advance
        )
    if as_json:
        print_json({"problems": [asdict(problem) for problem in problems]})
    else:
        for problem in sorted(problems, key=lambda one: (SEVERITIES.index(one.severity), one.file, one.row or 0)):
            click.echo(str(problem))
        counts = "、".join(f"{name}{sum(problem.severity == name for problem in problems)}处" for name in SEVERITIES)
        click.echo(f"检查完毕：{counts if problems else '没有发现问题'}。评价本身的问题由 perfeval lint 检查。")
    return TROUBLE if any(problem.severity != NOTE for problem in problems) else 0


@click.command("list", cls=Chinese)
@options.data
@options.as_json
def list_(data: str | None, as_json: bool) -> int:
    """列出现有的街道、年度、报告和计分规则。"""
    from perfeval.analysis import rulesets
    from perfeval.ingest import store
    from perfeval.run import project

    place = project.find().with_folders(data)
    held = store.catalog(project.shown(place.data))
    reports = place.reports_there()
    rules = {name: rulesets.preset(name).title for name in rulesets.names()}
    if as_json:
        units = [{**unit, "files": list(unit["files"])} for unit in held.to_dict("records")]
        print_json(
            {
                "subdistricts": units,
                "reports": reports,
                "rulesets": [{"name": name, "title": title} for name, title in rules.items()],
            }
        )
        return 0
    click.echo("数据")
    for unit in held.to_dict("records"):
        click.echo(f"  {unit['subdistrict']}  {unit['year']}  {unit['name']}  {'、'.join(unit['files'])}")
    click.echo("报告\n" + "\n".join(f"  {name}  {TITLES.get(name, '')}" for name in reports))
    click.echo("计分规则\n" + "\n".join(f"  {name}  {title}" for name, title in rules.items()))
    return 0

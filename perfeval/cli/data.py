"""``perfeval check`` and ``perfeval list``: what is on file and what is wrong with it.

``perfeval demo``: a fictional district to try everything on, with the planted truth beside it.
"""

import re
import sys
from dataclasses import asdict
from pathlib import Path

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import TROUBLE, bar, print_json, title
from perfeval.cli.terminal import BAR
from perfeval.model.errors import NOTE, SEVERITIES, PerfevalError, pasted


@click.command(cls=Chinese)
@options.units
@options.data
@options.as_json
def check(subdistricts: tuple[str, ...], years: tuple[int, ...], data: str | None, as_json: bool) -> int:
    """检查数据和设置：列出会使报告做不成的每一处，及每一处问题的文件、行、列、值和改法。"""
    from perfeval.checking import check as checked
    from perfeval.model.parallel import cores

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
    from perfeval.ingest import holdings
    from perfeval.run import project

    place = project.find().with_folders(data)
    held = holdings.listing(project.shown(place.data))
    reports, titles = place.reports_there(), place.titles()
    rules = {name: rulesets.preset(name).title for name in rulesets.names()}
    if as_json:
        units = [dict(zip(("subdistrict", "year", "name", "files"), unit, strict=True)) for unit in held]
        print_json(
            {
                "subdistricts": units,
                "reports": reports,
                "rulesets": [{"name": name, "title": title} for name, title in rules.items()],
            }
        )
        return 0
    click.echo("数据" if held else "数据\n  （还没有）")
    for subdistrict, year, name, files in held:
        click.echo(f"  {subdistrict}  {year}  {name}  {'、'.join(files)}")
    click.echo("报告\n" + "\n".join(f"  {name}  {title(name, titles)}" for name in reports))
    click.echo("计分规则\n" + "\n".join(f"  {name}  {title}" for name, title in rules.items()))
    return 0


YEARS = re.compile(r"((?:19|20)\d{2})(?:[-—–]((?:19|20)\d{2}))?")
SEED = 2024
COUNTED = {
    "matches": "指标对应",
    "trends": "趋势",
    "defects": "质量问题",
    "changes": "变化",
    "repeated": "多年未完成",
}
"""What each table of the truth is called."""


@click.command(cls=Chinese)
@click.option(
    "--subdistricts",
    type=click.IntRange(1, 100_000),
    default=11,
    show_default=False,
    help="街道数，默认11",
    metavar="个数",
)
@click.option("--years", default="2019-2024", help="年度，如 2019-2024 或 2023，默认2019-2024", metavar="年度")
@click.option("--seed", type=click.IntRange(0), default=SEED, help="随机种子；相同的种子得到相同的数据", metavar="整数")
@click.option("--into", type=click.Path(), default="data-demo", help="写到哪里，默认 data-demo", metavar="目录")
@click.option("--replace", is_flag=True, help="替换该目录里先前生成的示例数据")
@options.as_json
def demo(subdistricts: int, years: str, seed: int, into: str, replace: bool, as_json: bool) -> int:
    """生成一个虚构区的示例数据，供试用、演示和测试。"""
    from tqdm import tqdm

    from perfeval import demo as district
    from perfeval.run import project
    from perfeval.run.editions import brought

    folder = Path(into)
    chosen = _years(years)
    with tqdm(
        total=subdistricts,
        desc="生成示例数据",
        unit="个街道",
        disable=not sys.stderr.isatty(),
        leave=False,
        bar_format=BAR,
    ) as bar:
        made = district.make(
            folder,
            subdistricts=subdistricts,
            years=chosen,
            seed=seed,
            notebooks=brought(),
            replace=replace,
            made=lambda _: bar.update(),
        )
    shown = project.shown(folder.absolute())
    if as_json:
        facts = {"folder": shown, "subdistricts": made.subdistricts, "years": list(made.years), "seed": seed}
        print_json(facts | {"indicators": made.rows, "truth": made.truth})
        return 0
    period = str(chosen[0]) if len(chosen) == 1 else f"{chosen[0]}—{chosen[-1]}"
    click.echo(
        f"已在 {shown} 生成示例数据：{made.subdistricts}个虚构街道，{period}年度，{made.rows}行指标（种子{seed}）。"
    )
    click.echo(
        "植入的事实：" + "、".join(f"{COUNTED[name]}{count}条" for name, count in made.truth.items()) + "（truth/）。"
    )
    click.echo("这些数据由程序虚构，不反映任何真实单位；由此生成的每一页都写明“示例数据”。")
    following = (f"cd {pasted(shown)}", "perfeval check", f"perfeval run -y {chosen[-1]}", "perfeval lab")
    click.echo("接下来可以：\n" + "\n".join(f"  {command}" for command in following))
    return 0


@click.command(cls=Chinese)
@click.argument("folder", type=click.Path(), metavar="文件夹")
@options.as_json
def new(folder: str, as_json: bool) -> int:
    """新建项目：设置、数据目录的说明和笔记本；已有的文件不改。"""
    from perfeval.run import founding, project
    from perfeval.run.editions import brought

    place, made = founding.found(Path(folder), brought())
    fitted = founding.fit(place)
    shown = project.shown(place.root)
    if as_json:
        print_json({"folder": shown, "made": made, "fitted": fitted})
        return 0
    listed = "、".join(made)
    click.echo(f"项目在 {shown}：{f'新建了{listed}' if made else '要有的都有了，没有新建'}。")
    if fitted:
        click.echo(f"笔记本的默认参数已改为现有的数据：{'、'.join(fitted)}。")
    first = ("perfeval check", "perfeval run") if fitted else ("perfeval export 自评表.xlsx --template",)
    click.echo(
        "接下来可以：\n" + "\n".join(f"  {command}" for command in (f"cd {pasted(shown)}", *first, "perfeval lab"))
    )
    if not fitted:
        click.echo("已有填好的自评表或自评报告的，用 perfeval import 加它的文件名导入。")
    return 0


@click.command(cls=Chinese)
@click.option("--replace", is_flag=True, help="改过的也换成这一版的；原来的改名为 .bak 留下")
@options.as_json
def upgrade(replace: bool, as_json: bool) -> int:
    """旧版建的项目：把没有改过的旧笔记本换成这一版的，补上新的；数据、设置和报告不动。"""
    from perfeval.run import editions, founding, project

    place = project.find()
    written, changed = editions.upgrade(place, replace=replace)
    fitted = founding.fit(place, written)
    if as_json:
        print_json({"written": written, "changed": changed, "fitted": fitted})
        return 0
    click.echo(f"已换上、补上这一版的笔记本：{'、'.join(written)}。" if written else "笔记本不用换。")
    if changed and replace:
        click.echo(f"有改动的（{'、'.join(changed)}）原样留作 .ipynb.bak。")
    elif changed:
        click.echo(f"有改动、没有换的：{'、'.join(changed)}；要换的，加 --replace（原来的留作 .ipynb.bak）。")
    click.echo("接下来可以：\n  perfeval check\n  perfeval run")
    return 0


def _years(text: str) -> tuple[int, ...]:
    """``2019-2024`` → the years; :class:`PerfevalError` for anything else."""
    found = YEARS.fullmatch(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if last < first:
        raise PerfevalError(f"年度“{text}”看不懂，应如 2019-2024 或 2023，先写早的一年")
    return tuple(range(first, last + 1))

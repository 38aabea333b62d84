"""``perfeval demo``: a fictional district to try everything on, with the planted truth beside it."""

import re
import sys
from importlib import resources
from pathlib import Path

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.printing import print_json
from perfeval.model.errors import PerfevalError

YEARS = re.compile(r"((?:19|20)\d{2})(?:[-—–]((?:19|20)\d{2}))?")
SEED = 2024
TITLES = {
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

    folder = Path(into)
    chosen = _years(years)
    with tqdm(
        total=subdistricts, desc="生成示例数据", unit="街道", disable=not sys.stderr.isatty(), leave=False
    ) as bar:
        made = district.make(
            folder,
            subdistricts=subdistricts,
            years=chosen,
            seed=seed,
            notebooks=_notebooks(),
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
        "植入的事实：" + "、".join(f"{TITLES[name]}{count}条" for name, count in made.truth.items()) + "（truth/）。"
    )
    click.echo("这些数据由程序虚构，不反映任何真实单位；由此生成的每一页都写明“示例数据”。")
    following = (f"cd {shown}", "perfeval check", f"perfeval run -y {chosen[-1]}", "perfeval lab")
    click.echo("接下来可以：\n" + "\n".join(f"  {command}" for command in following))
    return 0


def _notebooks() -> Path:
    """The project's notebooks, else those of the checkout perfeval runs from."""
    from perfeval.run import project

    beside = Path(str(resources.files("perfeval"))).parent / "notebooks"
    for folder in (project.find().notebooks, beside):
        if (folder / "annual.ipynb").is_file():
            return folder
    raise PerfevalError("没有找到笔记本：请在有 notebooks/ 的项目目录中运行")


def _years(text: str) -> tuple[int, ...]:
    """``2019-2024`` → the years; :class:`PerfevalError` for anything else."""
    found = YEARS.fullmatch(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if last < first:
        raise PerfevalError(f"年度“{text}”看不懂，应如 2019-2024 或 2023，先写早的一年")
    return tuple(range(first, last + 1))

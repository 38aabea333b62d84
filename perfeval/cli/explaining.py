"""``perfeval explain``: how a pair of target and actual is read and scored, or what a rule of the findings says."""

from decimal import Decimal

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.helppage import width
from perfeval.cli.options import print_json
from perfeval.model.errors import ParameterError

TITLES = 8
"""Columns of a terminal for the titles of the answer."""


@click.command(cls=Chinese)
@click.argument("code", required=False, metavar="[编号]")
@click.option("--name", default="", metavar="指标", help="指标名称")
@click.option("--target", default="", metavar="目标值", help="年度指标值，照原文")
@click.option("--actual", default="", metavar="完成值", help="实际完成值，照原文")
@click.option("--unit", default="", metavar="单位", help="度量单位列的内容")
@click.option("--direction", default="", metavar="方向", help="指定方向：正向、反向、等于、定性、时限")
@click.option("--declared", default="", metavar="申报", help="文件所写的完成情况，如“完成年初目标”")
@click.option("--weight", type=str, default=None, metavar="分值", help="分值；不给时只算得分率")
@click.option("--ruleset", default="hubei", metavar="规则", help="计分规则，默认 hubei")
@options.as_json
def explain(
    code: str | None,
    name: str,
    target: str,
    actual: str,
    unit: str,
    direction: str,
    declared: str,
    weight: str | None,
    ruleset: str,
    as_json: bool,
) -> int:
    """说明一对目标值和完成值怎样读、怎样计分；给出编号（如 T01）时说明这条检查规则。"""
    from perfeval.model.rounding import percent
    from perfeval.model.verdicts import verdict
    from perfeval.rules import find
    from perfeval.run import project

    if code is not None:
        return _rule(code, as_json)
    if not (name or target or actual):
        raise ParameterError("须写明 --target 和 --actual（或 --name），或给出检查规则的编号，如 perfeval explain T01")
    from perfeval.analysis.judging import explain as explained

    facts = explained(
        indicator=name,
        target=target,
        actual=actual,
        unit=unit,
        direction=direction,
        declared=declared,
        weight=None if weight is None else _points(weight),
        ruleset=find(ruleset, project.find().data.parent),
    )
    if as_json:
        print_json(facts)
        return 0
    attainment = "无法计算" if facts["attainment"] is None else percent(Decimal(str(facts["attainment"])))
    score = (
        f"得分率{percent(Decimal(str(facts['share'])))}"
        if facts["score"] is None
        else f"{facts['score']}分（分值{facts['weight']}）"
    )
    lines = [
        ("目标", f"{facts['target']['read']}（原文“{target}”，取自{facts['target_from'] or '无'}）"),
        ("完成", f"{facts['actual']['read']}（原文“{actual}”）"),
        ("方向", f"{facts['direction'] or '不明'}：{facts['direction_why']}"),
        ("完成率", attainment),
        ("状态", verdict(facts["status"], facts["basis"])),
        ("得分", score),
        ("依据", facts["derivation"]),
        ("规则", facts["ruleset_title"]),
    ]
    click.echo("\n".join(f"{title}{' ' * (TITLES - width(title))}{text}" for title, text in lines))
    return 0


def _rule(code: str, as_json: bool) -> int:
    """The page of a rule, or what a problem of ``perfeval check`` means."""
    from dataclasses import asdict

    from perfeval.analysis.findings.catalog import page, rule
    from perfeval.ingest.problems import kinds

    kind = kinds().get(code.strip().upper())
    described = rule(code) if kind is None else kind
    if as_json:
        print_json(asdict(described))
    elif kind is None:
        click.echo(page(rule(code)))
    else:
        click.echo(f"{kind.code}  {kind.title}\n级别    {kind.severity}\n含义    {kind.meaning}\n怎么办  {kind.advice}")
    return 0


def _points(text: str) -> Decimal:
    try:
        points = Decimal(text)
    except ArithmeticError:
        points = Decimal("NaN")
    if not points.is_finite() or points < 0:
        raise click.BadParameter(f"分值须是不小于0的数，现为“{text}”", param_hint="--weight")
    return points

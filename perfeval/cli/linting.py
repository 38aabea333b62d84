"""``perfeval lint``: the automatic reviewer on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import bar
from perfeval.cli.terminal import escaped
from perfeval.model.errors import ParameterError, PerfevalError

if TYPE_CHECKING:
    import pandas as pd

GRAVE = ("P0", "P1")
"""Severities after which the command ends with 1."""
JSON_KEYS = ("subdistrict", "year", "code", "severity", "title", "place", "fact", "advice", "confidence")
FORMATS = ("table", "json", "xlsx")
EPILOG = "退出码：0 没有P0、P1级问题；1 有P0或P1级问题，或数据有错误；2 命令不对，或所指的街道、年度、规则不存在"


@click.command(cls=Chinese, epilog=EPILOG)
@options.units
@click.option("--select", multiple=True, metavar="编号", help="只用这些规则：编号、类别字母或ALL，逗号分隔，可多次给出")
@click.option("--ignore", multiple=True, metavar="编号", help="不用这些规则，写法同上")
@click.option("--format", "form", default="table", metavar="格式", help="table、json 或 xlsx；默认 table")
@click.option("--output", type=click.Path(), metavar="文件", help="写到文件；xlsx 必须给出")
@click.option("--ruleset", metavar="规则", help="计分规则，如 hubei；默认按 perfeval.toml")
@options.data
@click.option("--json", "as_json", is_flag=True, help="同 --format json")
@click.option("--no-suppress", is_flag=True, help="不理会 suppressions.toml，列出全部问题")
def lint(
    subdistricts: tuple[str, ...],
    years: tuple[int, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    output: str | None,
    ruleset: str | None,
    data: str | None,
    as_json: bool,
    no_suppress: bool,
) -> int:
    """查自评质量：列出复核人员会指出的问题、位置、事实和改法。"""
    from perfeval.model.parallel import cores
    from perfeval.run import project

    if as_json and form == "xlsx":
        raise click.UsageError("--json 和 --format xlsx 不能一起用")
    form = "json" if as_json else form
    if form not in FORMATS:
        raise click.BadParameter(f"--format 须是{'、'.join(FORMATS)}之一，现为“{form}”", param_hint="--format")
    if form == "xlsx" and not output:
        raise click.UsageError("--format xlsx 须用 --output 指定文件")
    place = project.find().with_folders(data)
    units = project.on_file(place.data, subdistricts or None, years or None)
    from perfeval.linting import lint as linted

    with bar("检查", "份", quiet=form == "json") as advance:
        result = linted(
            project.shown(place.data),
            units,
            ruleset or place.ruleset,
            select=_codes(select),
            ignore=_codes(ignore),
            suppressing=not no_suppress,
            jobs=cores(),
            each=lambda: advance(len(units)),
        )
    found, suppressed, unused = result.findings, result.suppressed, result.unused
    writer: Callable[..., str | None] = {"table": _table, "json": _json, "xlsx": _workbook}[form]
    text = writer(found, suppressed, unused, output)
    if text is not None and output:
        _written(Path(output), text)
    elif text is not None:
        click.echo(text)
    if output:
        click.echo(f"已写入 {output}：{_counted(found)}", err=form == "json")
    return 1 if found["severity"].isin(GRAVE).any() else 0


def _codes(given: tuple[str, ...]) -> list[str] | None:
    """The codes of an option that may be repeated and hold commas; None where it was not given."""
    codes = [code for text in given for code in text.replace("，", ",").split(",") if code.strip()]
    if given and not codes:
        raise ParameterError("没有给出规则编号")
    return codes or None


def _table(found: "pd.DataFrame", suppressed: "pd.DataFrame", unused: list[str], output: str | None) -> str:  # noqa: ARG001  # one signature for all formats
    from perfeval.analysis.findings.catalog import SEVERITIES
    from perfeval.analysis.findings.years import OVER_YEARS

    lines = []
    for severity, meaning in SEVERITIES.items():
        group = found[found["severity"] == severity]
        if len(group):
            lines.append(f"{severity} {meaning}（{len(group)}处）")
        for one in group.to_dict("records"):
            lines += [
                f"  {one['code']} {one['title']}（把握{one['sureness']}）",
                f"      位置：{one['subdistrict']} {one['year']} {_line(one['place'])}",
                f"      事实：{_line(one['fact'])}",
                f"      建议：{_line(one['advice'])}",
            ]
    if len(suppressed):
        lines.append(f"已说明而保留（{len(suppressed)}处）")
        lines += [
            f"  {one['code']} {_line(one['place'])}：{_line(one['reason'])}" for one in suppressed.to_dict("records")
        ]
    if unused:
        advice = "请核对编号、目标序号和指标名称，已没有问题的删去"
        lines.append(f"suppressions.toml 中没有对应问题的条目（{len(unused)}条），{advice}")
        lines += [f"  {_line(one)}" for one in unused]
    lines.append(f"检查完毕：{_counted(found)}。perfeval explain 编号 可查每条规则。")
    beside = int(found["code"].isin(OVER_YEARS).sum())
    if beside:
        lines.append(
            f"其中{beside}处与上年对照得出（{'、'.join(OVER_YEARS)}）；报告所写的处数只算本年材料里的，不含这些。"
        )
    return "\n".join(lines)


def _json(found: "pd.DataFrame", suppressed: "pd.DataFrame", unused: list[str], output: str | None) -> str:  # noqa: ARG001  # likewise
    facts = [{key: _plain(one[key]) for key in JSON_KEYS} for one in found.to_dict("records")]
    known = [{key: _plain(one[key]) for key in (*JSON_KEYS, "reason")} for one in suppressed.to_dict("records")]
    whole = {"findings": facts, "suppressed": known, "unused_suppressions": unused}
    return escaped(json.dumps(whole, ensure_ascii=False, indent=1))


def _workbook(found: "pd.DataFrame", suppressed: "pd.DataFrame", unused: list[str], output: str) -> None:
    from perfeval.deliver.workbook import write_findings

    try:
        write_findings(output, found, suppressed, unused)
    except OSError as error:
        raise PerfevalError(_unwritable(output)) from error


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise PerfevalError(_unwritable(str(path))) from error


def _unwritable(output: str) -> str:
    return f"无法写入 {output}：请检查文件夹是否存在、文件是否正被其他程序打开"


def _counted(found: "pd.DataFrame") -> str:
    if found.empty:
        return "没有发现问题"
    counts = found["severity"].value_counts()
    listed = "、".join(f"{severity} {counts.get(severity, 0)}处" for severity in ("P0", "P1", "P2"))
    return f"共{len(found)}处，其中{listed}"


def _plain(value: Any) -> Any:
    """A scalar as JSON knows it."""
    return value.item() if hasattr(value, "item") else value


def _line(text: str) -> str:
    return " ".join(text.split())

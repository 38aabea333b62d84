"""``perfeval match``: which indicators of an office are the same from year to year, and the list a person decides."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import print_json
from perfeval.model.errors import NotOnFile

if TYPE_CHECKING:
    import pandas as pd

EPILOG = (
    "判定写在 data/<街道>/matches.csv 的“判定”列：同一、不同、口径变更，空着为未定。"
    "退出码：0 完成；1 数据有错误；2 命令不对，或所指的街道不存在、只有一个年度"
)
JSON_KEYS = (
    "year",
    "previous_year",
    "indicator",
    "previous_indicator",
    "row",
    "previous_row",
    "kind",
    "confidence",
    "why",
)


@click.command(cls=Chinese, epilog=EPILOG)
@click.option("--subdistrict", "-s", metavar="街道", help="街道编号或名称；只有一个街道时可不给")
@click.option("--write", is_flag=True, help="把待判定的写进 matches.csv；已有的各行和判定保留")
@click.option("--replace", is_flag=True, help="与 --write 同用：删去不再有疑问的未定行和不认识的列；判定仍保留")
@options.data
@options.as_json
def match(subdistrict: str | None, write: bool, replace: bool, data: str | None, as_json: bool) -> int:
    """对应各年度的指标：逐年列出一致、相近、新增、取消的数目和待人工判定的。"""
    from perfeval.analysis.judging import judge
    from perfeval.analysis.matching import matches
    from perfeval.ingest import store
    from perfeval.ingest.matches import add_undecided
    from perfeval.run import project

    if replace and not write:
        raise click.UsageError("--replace 须与 --write 同用")
    place = project.find().with_folders(data)
    units = project.on_file(place.data, [subdistrict] if subdistrict else None, None)
    names = sorted({name for name, _ in units})
    if len(names) != 1:
        raise click.UsageError(f"一次只能对应一个街道，现有：{'、'.join(names)}；请用 --subdistrict 指明")
    if len(units) == 1:
        raise NotOnFile(f"街道“{names[0]}”只有{units[0][1]}一个年度，没有可对应的；须有两个以上年度")
    held = store.load(project.shown(place.data), names[0])
    years = {year: judge(held.indicators[held.indicators["year"].eq(year)].reset_index(drop=True)) for _, year in units}
    found, doubtful, _ = matches(years, held.matches)
    root = Path(project.shown(place.data))
    written, added = add_undecided(root, names[0], held, doubtful, replace=replace) if write else (None, 0)
    if as_json:
        print_json(_summary(names[0], sorted(years), found, doubtful, written))
    else:
        _told(str(held.subdistricts.set_index("id").loc[names[0], "name"]), sorted(years), found, doubtful)
        if write:
            click.echo(f"已写入 {written}：新列入{added}对。" if written else "没有待判定的，没有写文件。")
        elif len(doubtful):
            click.echo("加 --write 写成判定表，填好“判定”列后再运行。")
    return 0


def _summary(
    name: str, years: list[int], found: "pd.DataFrame", doubtful: "pd.DataFrame", written: str | None
) -> dict[str, Any]:
    listed = doubtful[list(JSON_KEYS)].astype({"row": "int64", "previous_row": "int64"}).to_dict("records")
    pairs = [
        {"year": year, "previous_year": previous, "counts": _counts(found[found["year"].eq(year)])}
        for previous, year in pairwise(years)
    ]
    return {"subdistrict": name, "pairs": pairs, "doubtful": listed, "written": written}


def _counts(found: "pd.DataFrame") -> dict[str, int]:
    from perfeval.model.history import KINDS

    return {kind: int(found["kind"].eq(kind).sum()) for kind in KINDS}


def _told(name: str, years: list[int], found: "pd.DataFrame", doubtful: "pd.DataFrame") -> None:
    click.echo(name)
    for previous, year in pairwise(years):
        counts = _counts(found[found["year"].eq(year)])
        click.echo(f"  {previous}→{year}：{'，'.join(f'{kind}{count}' for kind, count in counts.items() if count)}")
    if doubtful.empty:
        click.echo("没有待人工判定的。")
        return
    click.echo(f"待人工判定{len(doubtful)}对：")
    for one in doubtful.to_dict("records"):
        pair = f"{one['year']}“{one['indicator']}”（第{one['row']}行）"
        earlier = f"{one['previous_year']}“{one['previous_indicator']}”（第{one['previous_row']}行）"
        click.echo(f"  {pair} ← {earlier}  {one['kind']}  把握{one['confidence']:.2f}  {one['why']}")

"""``perfeval send``: reports by mail to those who are to have them, and what was sent before."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import TROUBLE, print_json
from perfeval.model.errors import NotOnFile, PerfevalError, reason

if TYPE_CHECKING:
    from perfeval.deliver.dispatch import Asked, Line, Unit
    from perfeval.deliver.sending import Parcel
    from perfeval.run.project import Project

EPILOG = (
    "没有设置邮件服务器（perfeval.toml的［mail］host）时只写.eml文件；设置以后默认真发，--dry-run 只写文件。"
    "退出码：0 都已发送或写好；1 有的没有发、未送达或不明，或收件人表有错误；2 命令或设置不对，或服务器不能用"
)
FOLDER = "_mail"
"""Of the files of a dry run, inside the outputs: no sub-district's folder begins with this sign."""


@click.command(cls=Chinese, epilog=EPILOG)
@options.units
@click.option(
    "--report",
    "-r",
    default="annual",
    metavar="报告",
    help="annual（年度自评报告，默认）、trend、review，或overview、district（此时-s写区县名称），或自己的报告",
)
@click.option("--to-role", "roles", multiple=True, metavar="角色", help="只发给这些角色，可多次给出")
@click.option("--to", "addresses", multiple=True, metavar="邮箱", help="只发给这些邮箱，可多次给出")
@click.option("--dry-run/--really-send", "dry", default=None, help="只写.eml文件 / 真的发送")
@click.option("--into", type=click.Path(file_okay=False), metavar="目录", help="试运行时.eml文件写在哪里")
@click.option("--correction", "correcting", is_flag=True, help="已发过另一版本的，发更正")
@click.option("--history", "past", is_flag=True, help="列出发送记录")
@click.option(
    "--resolve",
    type=click.Choice(["sent", "resend"]),
    metavar="sent|resend",
    help="状态不明的：确认已送达（sent），或确认未送达、可以重发（resend）",
)
@click.option("--ruleset", metavar="规则", help="报告所用的计分规则，默认按 perfeval.toml")
@click.option("--outputs", type=click.Path(), metavar="目录", help="报告目录，默认按 perfeval.toml")
@options.data
@options.as_json
def send(
    subdistricts: tuple[str, ...],
    years: tuple[int, ...],
    report: str,
    roles: tuple[str, ...],
    addresses: tuple[str, ...],
    dry: bool | None,
    into: str | None,
    correcting: bool,
    past: bool,
    resolve: str | None,
    ruleset: str | None,
    outputs: str | None,
    data: str | None,
    as_json: bool,
) -> int:
    """把报告邮寄给收件人表里的人：每人一封，同一版本只发一次。"""
    from perfeval.run import project

    place = project.find().with_folders(data, outputs)
    if past:
        return _history(place, as_json)
    from perfeval.deliver import dispatch  # with all that messages are made of

    wanted = _wanted(place, report, subdistricts, years)
    _restored(place)
    if resolve:
        return _resolve(place, report, wanted, addresses, resolve == "sent")
    dry = not place.mail.host if dry is None else dry
    if into and not dry:
        raise click.UsageError("--into 只用于试运行（--dry-run）")
    when = datetime.now(UTC).astimezone().replace(microsecond=0)
    asked = dispatch.Asked(report, ruleset or place.ruleset, roles, addresses, correcting, when)
    if dry:
        lines = _write(place, asked, wanted, Path(into) if into else place.outputs / FOLDER, as_json)
    else:
        lines = _send(place, asked, wanted, as_json)
    if as_json:
        mails = [{name: getattr(line, name) for name in line.__slots__} for line in lines]
        print_json({"dry_run": dry, "mails": mails})
    return TROUBLE if any(line.trouble for line in lines) else 0


def _wanted(place: "Project", report: str, named: tuple[str, ...], years: tuple[int, ...]) -> "list[Unit]":
    """What the report is to be of: offices, or districts where it is a district's; :class:`NotOnFile` for what is not
    there, or where there is nothing to compare.
    """
    from perfeval.deliver import dispatch
    from perfeval.run import contract, project
    from perfeval.run.subjects import in_district, scope, subjects

    file = place.notebook(report)
    takes = contract.parameters(contract.read(file))
    of = scope(takes, file.name)
    if of.whose == "subdistrict":
        units = project.on_file(place.data, named or None, years or None)
    else:
        units = project.on_file(place.data, None, years or None)
        parts = [in_district(place.data, name, units) for name in named]
        units = [unit for part in parts for unit in part] if named else units
    found = subjects(takes, file.name, units, place.data)
    if not found:
        raise NotOnFile(f"“{report}”没有可比的数据：须有{of.needs}")
    return [(about.subject, dispatch.year_of(about.period)) for about in found]


def _parcels(place: "Project", asked: "Asked", wanted: "list[Unit]") -> "tuple[list[Parcel], list[Line]]":
    """The messages to go and those that will not, by the list of recipients on file."""
    from perfeval.deliver import dispatch
    from perfeval.ingest import recipients
    from perfeval.run import project

    listed = recipients.load(project.shown(place.data))
    return dispatch.parcels(place, listed, asked, wanted, told=lambda text: click.echo(text, err=True))


def _write(place: "Project", asked: "Asked", wanted: "list[Unit]", folder: Path, quiet: bool) -> "list[Line]":
    """A dry run: what would be sent, as files."""
    from perfeval.deliver import dispatch, sending
    from perfeval.run import project

    parcels, lines = _parcels(place, asked, wanted)
    try:
        files = sending.write(parcels, folder)
    except OSError as error:
        raise PerfevalError(f"无法写入 {project.shown(folder)}：{reason(error)[0]}") from error
    for parcel, file in zip(parcels, files, strict=True):
        row = parcel.row
        shown = project.shown(file)
        lines.append(
            dispatch.Line(row.subject, dispatch.year_of(row.period), row.recipient, "写好", row.title, file=shown)
        )
    if not quiet:
        for line in lines:
            click.echo(str(line))
        why = "没有设置邮件服务器（［mail］host）" if not place.mail.host else "真发请去掉 --dry-run"
        click.echo(f"试运行，没有发送任何邮件；写好{len(files)}封，在 {project.shown(folder)}。{why}。")
    return lines


def _send(place: "Project", asked: "Asked", wanted: "list[Unit]", quiet: bool) -> "list[Line]":
    """Send for good, alone; every result is printed as it comes."""
    from perfeval.deliver import dispatch, sending, sent
    from perfeval.deliver.sending import password

    if not place.mail.host:
        raise PerfevalError(
            "没有设置邮件服务器；请在perfeval.toml的［mail］写明host、sender和domains（见docs/mail.md）"
        )
    secret = password(place.mail, os.environ)
    with sending.alone(place.outputs) as left:
        if left:
            click.echo(f"上次发送中断，{left}封不知道是否送达，见 perfeval send --history", err=True)
        parcels, lines = _parcels(place, asked, wanted)

        def tell(line: "Line") -> None:
            if not quiet:
                click.echo(str(line))

        def ended(result: sending.Result) -> None:
            lines.append(dispatch.outcome(result))
            tell(lines[-1])

        for line in lines:
            tell(line)
        done = sending.send(
            place.outputs, parcels, place.mail, secret, sleep=time.sleep, clock=time.monotonic, ended=ended
        )
    if not quiet:
        counts = [f"{title}{n}封" for state, title in sent.TITLES.items() if (n := sum(r.state == state for r in done))]
        click.echo(f"发送完毕：{'、'.join(counts) or '没有要发的'}。")
        if any(result.state == sent.REFUSED for result in done):
            click.echo("未送达的按服务器所说的改正，再运行 perfeval send 即可；已发送的不会重发。")
        if any(result.state == sent.UNKNOWN for result in done):
            click.echo(
                "不明的请问收件人，再用 perfeval send --resolve sent（已收到）或 resend（没收到，下次重发）记下。"
            )
    return lines


def _restored(place: "Project") -> None:
    """Say what the ledger had lost of the mail that was sent, and has back."""
    from perfeval.deliver import sent

    count = sent.restore(place.outputs)
    if count:
        click.echo(f"台账缺少{count}封邮件的发送记录（台账被清空、移开或换成了旧的），已按{sent.RECORD}补回", err=True)


def _history(place: "Project", as_json: bool) -> int:
    """What was sent, to whom, when, with what outcome."""
    from perfeval.deliver import sent

    rows = sent.history(sent.rows(place.outputs))
    if as_json:
        print_json({"sent": rows})
        return 0
    for row in rows:
        click.echo("  ".join([row["time"], row["state"], row["recipient"], row["title"], row["run_key"]]))
        if row["detail"] and row["state"] != sent.TITLES[sent.SENT]:
            click.echo(f"    {row['detail']}")
    click.echo(f"共{len(rows)}封。" if rows else "还没有发送过邮件。")
    return 0


def _resolve(place: "Project", report: str, wanted: "list[Unit]", addresses: tuple[str, ...], arrived: bool) -> int:
    """A person's word on what is unknown, for the offices, years and addresses named."""
    from perfeval.deliver import dispatch

    settled = dispatch.resolve(place.outputs, report, wanted, addresses, arrived=arrived)
    word = "已送达" if arrived else "未送达，下次发送时重发"
    for row in settled:
        click.echo(f"{row.recipient}  {row.title}：记为{word}")
    click.echo(f"共{len(settled)}封。" if settled else "没有状态不明的邮件。")
    return 0

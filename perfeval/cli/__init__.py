"""The command line. Everything it prints is Chinese; ``--json`` is for programs.

Exit codes: 0 done, nothing to mend; 1 a report failed or the data have errors or warnings; 2 the command cannot be
understood, or names a sub-district, year, report or rule set that is not there; 3 another run works on the same
outputs; 130 interrupted.
"""

import sys
from io import TextIOWrapper

import click

from perfeval.cli.chinese import HELP, ChineseGroup, in_chinese
from perfeval.cli.data import check, list_
from perfeval.cli.demo import demo
from perfeval.cli.explaining import explain
from perfeval.cli.exporting import export
from perfeval.cli.importing import import_, template
from perfeval.cli.lab import lab
from perfeval.cli.linting import lint
from perfeval.cli.matching import match
from perfeval.cli.packing import pack
from perfeval.cli.planning import plan
from perfeval.cli.printing import INTERRUPTED, MISUSE, OCCUPIED, TROUBLE
from perfeval.cli.review import review_sheet
from perfeval.cli.running import run
from perfeval.cli.schedule import schedule
from perfeval.cli.scoring import score
from perfeval.cli.sending import send
from perfeval.cli.status import history, status
from perfeval.model.errors import ERROR, DataError, PerfevalError
from perfeval.run.locking import Occupied

CODES = (
    "退出码：0 完成且无须改正；1 有报告失败，或数据有错误或警告；"
    "2 命令不对，或所指的街道、年度、报告、规则不存在；3 同一报告目录有另一次运行；130 被中断"
)
COMMANDS = [
    check,
    demo,
    explain,
    export,
    history,
    import_,
    lab,
    lint,
    list_,
    match,
    pack,
    plan,
    review_sheet,
    run,
    schedule,
    score,
    send,
    status,
    template,
]


@click.group(cls=ChineseGroup, commands=COMMANDS, epilog=CODES, context_settings=HELP, invoke_without_command=True)
@click.version_option(package_name="perfeval", message="perfeval %(version)s", help="显示版本")
@click.pass_context
def perfeval(context: click.Context) -> None:
    """预算绩效自评：检查数据、计算执行与完成情况、复算得分、生成报告。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: list[str] | None = None) -> None:
    """The console script: run a command, print errors in Chinese, exit with the code documented above."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a GBK console cannot show every character
    try:
        sys.exit(perfeval.main(arguments, prog_name="perfeval", standalone_mode=False) or 0)
    except DataError as error:
        click.echo("\n".join(str(problem) for problem in error.problems if problem.severity == ERROR), err=True)
        sys.exit(TROUBLE)
    except Occupied as error:
        click.echo(f"{error}。", err=True)
        sys.exit(OCCUPIED)
    except PerfevalError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(MISUSE)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message, err=True)
        sys.exit(MISUSE)
    except click.ClickException as error:
        click.echo(f"错误：{in_chinese(error)}", err=True)
        sys.exit(MISUSE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断；再次运行会接着做没有完成的。", err=True)
        sys.exit(INTERRUPTED)

"""The command line. Everything it prints is Chinese; ``--json`` is for programs.

Exit codes: 0 done, nothing to mend; 1 a report failed or the data have errors or warnings; 2 the command cannot be
understood, or names a sub-district, year, report or rule set that is not there; 3 another run works on the same
outputs; 130 interrupted.
"""

import atexit
import gc
import os
import sys
import traceback
from contextlib import suppress
from pathlib import PurePath

import click

from perfeval.cli.chinese import HELP, in_chinese
from perfeval.cli.commands import Commands
from perfeval.cli.options import INTERRUPTED, MISUSE, OCCUPIED, TROUBLE
from perfeval.cli.terminal import terminal, visible
from perfeval.model.errors import ERROR, DataError, PerfevalError, failure

CODES = (
    "退出码：0 完成且无须改正；1 有报告失败或没有可比的年度、街道，或数据有错误或警告；"
    "2 命令不对，或所指的街道、年度、报告、规则不存在，或磁盘已满、不让读写；3 同一报告目录有另一次运行；130 被中断"
)
YOUNG = 50_000
"""New objects before Python looks for garbage among them. By its own 700 it looks through all that a command loads,
again and again, which takes a sixth of a short command's time."""
DEBUG = "PERFEVAL_DEBUG"
"""Set in the environment it has the traceback of an error printed as well."""


@click.group(cls=Commands, epilog=CODES, context_settings=HELP, invoke_without_command=True)
@click.version_option(package_name="perfeval", message="perfeval %(version)s", help="显示版本")
@click.pass_context
def perfeval(context: click.Context) -> None:
    """预算绩效自评：检查数据、计算执行与完成情况、复算得分、生成报告。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: list[str] | None = None) -> None:
    """The console script: run a command, print errors in Chinese, exit with the code documented above."""
    gc.set_threshold(YOUNG)
    code: list[int] = []
    if arguments is None:  # the process is the command's own
        atexit.register(_leave, code)  # what is registered first is called last
    with terminal():
        code.append(_run(arguments))
    sys.exit(code[0])


def _leave(code: list[int]) -> None:
    """End the process once all is done that Python does at its end but one thing: to take apart, object by object, what
    was loaded. That took up to a third of a second; the system has it back at once.
    """
    if not code:
        return
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            return  # what was said cannot be written: Python tells it at its end, and its exit code does
    os._exit(code[0])


def _run(arguments: list[str] | None) -> int:
    """The exit code of a command; whatever stops it is told in one sentence."""
    try:
        return int(perfeval.main(arguments, prog_name="perfeval", standalone_mode=False) or 0)
    except SystemExit as left:  # click's way out where whoever read our output has left
        return left.code if isinstance(left.code, int) else TROUBLE
    except (click.Abort, KeyboardInterrupt):
        return _told(INTERRUPTED, "已中断；再次运行会接着做没有完成的。")
    except Exception as error:  # the boundary: nobody gets a traceback for an answer
        if os.environ.get(DEBUG):
            traceback.print_exc()
        return _told(*sentence(error))


def _told(code: int, text: str) -> int:
    with suppress(OSError):  # standard error may be closed or full
        click.echo(visible(text), err=True)
    return code


def sentence(error: Exception) -> tuple[int, str]:
    """The exit code for what stopped a command, and what people are told."""
    if isinstance(error, DataError):
        return TROUBLE, "\n".join(str(problem) for problem in error.problems if problem.severity == ERROR)
    if isinstance(error, PerfevalError):
        from perfeval.run.locking import Occupied

        return (OCCUPIED, f"{error}。") if isinstance(error, Occupied) else (MISUSE, f"错误：{error}")
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return MISUSE, error.message
    if isinstance(error, click.ClickException):
        return MISUSE, f"错误：{in_chinese(error)}"
    refused = _of_the_system(error)
    return (MISUSE, f"错误：{refused}") if refused else (TROUBLE, f"错误：{_defect(error)}")


def _of_the_system(error: Exception) -> str:
    """What the system, not this program, has refused; empty where it is neither."""
    if isinstance(error, OSError):
        return failure(error)
    if isinstance(error, UnicodeEncodeError) and any("\ud800" <= sign <= "\udfff" for sign in error.object):
        return f"“{error.object[:200]}”里有不是UTF-8的字节（⟨0x..⟩处）；请把文件名或参数改为通常的文字"
    if isinstance(error, MemoryError):
        return "内存不足；请关闭其他程序，或分批处理"
    return ""


def _defect(error: Exception) -> str:
    """What nobody has foreseen: where it happened, and how to report it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "perfeval" in PurePath(frame.filename).parts]
    place = f"{PurePath(own[-1].filename).name}第{own[-1].lineno}行" if own else "程序里"
    what = " ".join(f"{type(error).__name__}：{error}".split())[:300]
    return (
        f"perfeval出错了，这是程序的缺陷（{place}，{what}）；数据没有因此改动。"
        f"请把这句话、所用的命令和有关文件报告给维护者；设环境变量 {DEBUG}=1 再运行可看到详细经过"
    )

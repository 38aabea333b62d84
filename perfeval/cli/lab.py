"""``perfeval lab``: open JupyterLab at the notebooks."""

import click

from perfeval.cli.chinese import Chinese
from perfeval.cli.ending import run_until_asked
from perfeval.cli.options import INTERRUPTED


@click.command(cls=Chinese)
@click.option("--port", type=click.IntRange(1, 65535), metavar="端口", help="端口；默认8888起第一个空闲的")
@click.option("--no-browser", is_flag=True, help="不打开浏览器，只显示地址")
def lab(port: int | None, no_browser: bool) -> int:
    """打开JupyterLab探索数据：中文界面，只在本机，不访问网络。"""
    from perfeval.run import project
    from perfeval.run.lab import command

    arguments = command(project.find(), port=port, browser=not no_browser)
    click.echo("正在打开 JupyterLab …（按 Ctrl-C 结束）")
    code = run_until_asked(arguments)
    return INTERRUPTED if code is None else code

"""Why a ledger cannot be used: what keeps a sound one from being read or written, or that it is damaged."""

import sqlite3
from pathlib import Path

HINDRANCES = {
    "SQLITE_FULL": ("磁盘已满", "腾出空间后再运行会接着做"),
    "SQLITE_READONLY": ("文件或文件夹是只读的，或没有写的权限", "请改正权限，或用 --outputs 另选报告目录"),
    "SQLITE_CANTOPEN": ("文件打不开", "请检查报告目录的权限，以及 ledger.sqlite 是否被文件夹或链接占用"),
    "SQLITE_PERM": ("没有权限", "请改正权限，或用 --outputs 另选报告目录"),
    "SQLITE_BUSY": ("正被其他程序使用", "请关闭打开它的程序后再运行"),
    "SQLITE_LOCKED": ("正被其他程序使用", "请关闭打开它的程序后再运行"),
    "SQLITE_IOERR": ("读写出错", "磁盘或共享文件夹可能有故障，请检查后再运行"),
    "SQLITE_NOMEM": ("内存不足", "请关闭其他程序后再运行"),
}
"""What keeps a sound ledger from being read or written: why, and the way out. Everything else is damage."""


def hindrance(file: Path, error: sqlite3.Error, record: str) -> str:
    """What is wrong with a ledger; of a damaged one also what becomes of the mail it knows of (see ``record``)."""
    name = getattr(error, "sqlite_errorname", "") or ""
    for kind, (why, advice) in HINDRANCES.items():
        if name == kind or name.startswith(f"{kind}_"):
            return f"台账 {file.name} 不能读写：{why}（{error}）；{advice}"
    mail = (
        f"发过的邮件另记在 {record} 里（请留下它），会自动补回，不会重发"
        if (file.parent / record).is_file()
        else "其中若有发送记录会一并失去：发过邮件的请从备份恢复台账，不要移开后直接发送"
    )
    return f"台账 {file.name} 已损坏（{error}）；请从备份恢复，没有备份的可将它改名移开，再次运行会重新生成报告；{mail}"

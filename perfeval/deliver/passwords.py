"""The password of the mail server: from the environment, a file of the user's own, or the system's store.

It is never a setting, a parameter or an argument, and is told to nobody but the server.
"""

import os
import stat
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from perfeval.deliver.message import MailError
from perfeval.model.mailing import MailSettings

VARIABLE = "PERFEVAL_SMTP_PASSWORD"
SERVICE = "perfeval"
"""Under which the system's store keeps it; the user's name is the one of the settings."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def password(settings: MailSettings, environment: Mapping[str, str]) -> str:
    """The password to log in with; empty where no user is set.

    Raises :class:`MailError` where there is none, saying where to put it, and for a file that others may read.
    """
    if not settings.user:
        return ""
    found = environment.get(VARIABLE) or _from_file(settings.password_file) or _from_store(settings.user)
    if not found:
        raise MailError(
            f"没有邮箱密码：请设环境变量 {VARIABLE}，或在［mail］password_file 指明密码文件（仅本人可读），"
            f"或安装 keyring 扩展后运行 python -m keyring set {SERVICE} {settings.user}"
        )
    if not (found.isascii() and found.isprintable()):  # smtplib would put it into its error
        raise MailError("邮箱密码只能用英文字母、数字和符号；请核对，或在邮箱里另设密码（授权码）")
    return found


def _from_file(name: str) -> str:
    """The one line of the password file; empty where none is set."""
    if not name:
        return ""
    path = Path(name)
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MailError(
            f"密码文件 {path.name} 不能读：{getattr(error, 'strerror', None) or '不是UTF-8文本'}"
        ) from error
    if os.name == "posix" and mode & OTHERS:
        raise MailError(f"密码文件 {path.name} 其他用户也能读写，没有使用；请运行 chmod 600 后再试")
    if not text or "\n" in text:
        raise MailError(f"密码文件 {path.name} 应只有一行密码")
    return text


def _from_store(user: str) -> str:
    """From the system's store, where the extra is installed; empty where there is none."""
    if find_spec("keyring") is None:
        return ""
    keyring = import_module("keyring")
    try:
        return keyring.get_password(SERVICE, user) or ""
    except keyring.errors.KeyringError as error:
        sys.stderr.write(f"系统的密码库不能用（{type(error).__name__}），没有从中取密码\n")
        return ""

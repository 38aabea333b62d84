"""JupyterLab as perfeval opens it: at the notebooks, in Chinese, asking nobody, on this machine only."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from perfeval.model.errors import PerfevalError
from perfeval.run.project import EXPLORING, Project

SETTINGS = Path(__file__).parent / "labsettings"
"""The folder of ``overrides.json``: Chinese menus, no news, no update checks."""
LOOPBACK = "127.0.0.1"


def command(place: Project, *, port: int | None = None, browser: bool = True) -> list[str]:
    """The command line that starts JupyterLab on a project; :class:`PerfevalError` where JupyterLab is not installed.

    The server's root is the folder that holds notebooks and data.
    """
    if find_spec("jupyterlab") is None:
        raise PerfevalError("没有安装 JupyterLab：请用 make lab，或重新安装 perfeval")
    notebooks = place.notebooks.resolve()
    root = place.root.resolve() if notebooks.is_relative_to(place.root.resolve()) else notebooks
    first = (
        f"/lab/tree/{quote((notebooks / EXPLORING).relative_to(root).as_posix())}"
        if (notebooks / EXPLORING).is_file()
        else "/lab"
    )
    arguments = [
        f"--ServerApp.ip={LOOPBACK}",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url={first}",  # the server's own is replaced by its extension's
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
        "--ServerApp.answer_yes=True",  # Ctrl-C asks nothing
        "--LabApp.extension_manager=readonly",  # the manager asks the package registry
        "--KernelManager.transport_encryption=auto",  # else each kernel warns, in English, of what passes in the clear
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container; the server listens on this machine alone
        arguments.append("--allow-root")
    arguments += [] if port is None else [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    arguments += [] if browser else ["--no-browser"]
    return [sys.executable, "-m", "perfeval.run.labserver", *arguments]

"""``--scheduler``: the workers of a Dask cluster make the reports instead of this machine."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from perfeval.model.errors import PerfevalError

if TYPE_CHECKING:
    from perfeval.run.project import Project

EXTRA = ("dask", "distributed")


def scheduler(command: Any) -> Any:
    """``--scheduler``."""
    text = "交给Dask集群生成，如 tcp://主机:8786（须装 perfeval[cluster]）"
    return click.option("--scheduler", metavar="地址", help=text)(command)


@contextmanager
def hired(address: str | None, place: "Project") -> "Iterator[tuple[Project, Executor | None]]":
    """The project with as many jobs as the cluster has hands, and its workers; without an address nothing changes.

    Raises :class:`PerfevalError` where the extra is not installed or the cluster cannot be used.
    """
    if address is None:
        yield place, None
        return
    try:
        from perfeval.run import cluster
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] not in EXTRA:
            raise
        raise PerfevalError('交给集群须另装Dask：pip install "perfeval[cluster]"') from missing
    with cluster.executor(address, place) as workers:
        slots = workers.slots
        click.echo(f"集群 {address}：同时生成{slots}份。", err=True)
        yield replace(place, jobs=slots), workers

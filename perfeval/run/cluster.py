"""More machines than one: a Dask cluster as the executor of a batch (extra ``cluster``).

The workers make the reports (:func:`perfeval.run.batch.make_one`), this process alone keeps the ledger. All machines
see the project's folders under the same paths and run the same programs; both are checked before anything starts.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from distributed import Client

from perfeval.model.errors import PerfevalError, listed
from perfeval.run import planning
from perfeval.run.batch import SCRATCH
from perfeval.run.project import Project

CONNECT_SECONDS = 10
WORKERS_SECONDS = 30
"""How long the first worker may take to appear."""
RETRIES = 2
"""How often a report is given out again where its worker failed in an unforeseen way. Reports of lost workers are given
out again besides (three times, Dask's ``allowed-failures``); a notebook that fails is a result, and not repeated."""
TOKEN = ".perfeval.cluster-*"  # noqa: S105  # a file name
T = TypeVar("T")


class ClusterError(PerfevalError):
    """The cluster cannot be used as it is."""


class Workers(Executor):
    """The threads of a cluster's workers, as an executor."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False, retries=RETRIES)

    @property
    def slots(self) -> int:
        """How many reports the workers can make at the same time now."""
        return sum(self._client.nthreads().values())

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        """Have a worker call a function that can be pickled."""
        return self._executor.submit(function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what was submitted, or give it up; the cluster stays as it is."""
        self._executor.shutdown(wait=wait and not cancel_futures)


@contextmanager
def executor(address: str, place: Project) -> Iterator[Workers]:
    """The workers of the scheduler at an address, such as ``tcp://10.0.0.5:8786``.

    Raises :class:`ClusterError`, in Chinese, where the scheduler does not answer, has no workers, or a worker has other
    programs or does not see the project's folders.
    """
    client = _connected(address)
    try:
        _check(client, place)
        workers, first = Workers(client), set(client.nthreads())
        try:
            yield workers
        finally:
            workers.shutdown(cancel_futures=True)
            if first - set(client.nthreads()):
                _tidy(place)
    finally:
        client.close(CONNECT_SECONDS)


def _connected(address: str) -> Client:
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"连不上调度器 {address}（{CONNECT_SECONDS}秒内没有应答）：地址形如 tcp://主机:8786；"
            "请确认已运行 dask scheduler，且端口没有被防火墙挡住"
        ) from error
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError as error:
        client.close()
        raise ClusterError(f"调度器 {address} 没有工作进程；请在各机器上运行 dask worker {address}") from error
    return client


def _tidy(place: Project) -> None:
    """Remove what lost workers left half made."""
    for scratch in place.outputs.glob(f"*/*/*/{SCRATCH}"):
        shutil.rmtree(scratch, ignore_errors=True)


def _check(client: Client, place: Project) -> None:
    """Whether all workers would make the same reports in the same place; every one that would not is named."""
    place.outputs.mkdir(parents=True, exist_ok=True)
    token = place.outputs / TOKEN.replace("*", uuid4().hex[:8])
    token.touch()
    try:
        told: dict[str, Any] = client.run(_state, place, token, on_error="return")
    finally:
        token.unlink()
    mine = (planning.code(), True, True)
    wrong = [f"{worker}：{why}" for worker, state in sorted(told.items()) if (why := _wrong(state, mine))]
    if wrong:
        raise ClusterError(listed(f"有{len(wrong)}个工作进程不能用", wrong))


def _state(place: Project, token: Path) -> tuple[str, bool, bool]:
    """On a worker: its programs, and whether it sees the data and the outputs."""
    return planning.code(), place.data.is_dir(), token.is_file()


def _wrong(state: object, mine: tuple[str, bool, bool]) -> str:
    if not isinstance(state, tuple):
        return f"不能运行perfeval（没有安装，或版本不同）：{type(state).__name__}：{state}"
    code, data, outputs = state
    found = []
    if code != mine[0]:
        found.append("程序版本与本机不同（perfeval、Python或所用的库）；请按同一份requirements.lock安装")
    if not data:
        found.append("看不到数据目录")
    if not outputs:
        found.append("看不到本机的报告目录；各机器须以相同路径挂载同一共享目录")
    return "；".join(found)

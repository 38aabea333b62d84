"""What a zygote has ready before it forks the first kernel, and what it has agreed on with its owner.

The notebooks' own library is named here, not imported: what runs notebooks does not depend on what they call.
"""

import decimal
import importlib
from pathlib import Path

from perfeval.model import scratch

KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "perfeval.run.streams",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)
"""What an ipykernel imports at and after its start."""
REPORTS = ("perfeval.rehearsing",)
"""What reports need: the module that imports perfeval's own and draws an invented office's report once."""
REHEARSAL = "rehearse"
"""A function of this name in a module to preload is called once, with the data folder of the reports or None."""

ASK, LEAVE = b"k", b"q"
"""What an owner sends: with descriptors, to have a kernel; before it closes the socket, to take its leave."""
FOLDER = scratch.PREFIX
"""What the names of an owner's temporary folders begin with, its process id next."""


def up(modules: list[str], data: Path | None = None) -> None:
    """Import what kernels need and these modules, and call their ``rehearse(data)`` where they have one.

    Only what leaves no thread behind belongs here: a fork copies none. matplotlib may be imported and draw to SVG or
    Agg; a pyplot figure would fix the backend of every kernel. polars and duckdb may be imported, not used.
    """
    for name in KERNEL:
        importlib.import_module(name)
    for name in modules:
        rehearse = getattr(importlib.import_module(name), REHEARSAL, None)
        if rehearse is not None:
            with decimal.localcontext():  # a context remembers what was rounded in it
                rehearse(data)

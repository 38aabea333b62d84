"""What cells leave, whoever runs them: this process's own kernel, an ordinary one, papermill as it comes."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from cells import COLD, FORKED, LIGHT, either_kind, executed, forks, notebook, run

from perfeval.run import processes
from perfeval.run.execution import repeatable
from perfeval.run.processes import Conditions

OUTPUTS = (
    "import sys\nprint('out', year)\nprint('err', file=sys.stderr)\nprint('more')",
    "from IPython.display import HTML, Markdown, clear_output, display\nHTML('<b>&</b>')",
    "display(Markdown('one'), metadata={'a': 1})\ndisplay({'text/x-own': 'own'}, raw=True)\n'last'",
    "shown = display('first', display_id='id')\nshown.update('second')",
    "HTML('as a result')._repr_html_()",
    "display('gone')\nclear_output(wait=True)\ndisplay('kept')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "shown.update('third')\nNone",
    "",
    "{'a': [1, 2]}",
)
BROKEN = ("print('before')", "1 / 0", "print('never')")
TORTURE = (
    # rich output
    "import pandas as pd, numpy as np\npd.DataFrame({'a': [1, 2]})",
    "pd.DataFrame({'a': [1, 2]}).style.set_uuid('u').hide()",
    "from IPython.display import *\nfrom IPython.display import display\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 30, format='png')",
    "Latex('$x$'), JSON({'a': [1, None, True]})",
    "display(JSON({'a': {'b': 1}}), Math('x'), Javascript('1'), Pretty('p'))",
    "display({'application/json': {'a': (1, 2)}, 'text/plain': 'x'}, raw=True)",
    "class Both:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {'text/html': 'h', 'text/plain': 'p'}, {'text/html': {'w': 1}}\nBoth()",
    "class Quiet:\n    def _ipython_display_(self): print('shown by itself')\nQuiet()",
    "held = {'text/plain': 'as it was'}\ndisplay(held, raw=True)\nheld['text/plain'] = 'changed later'",
    "1; 2; 3",
    "'a'\n'b';",
    "_, __, Out[max(Out)] if Out else None",
    "%config InteractiveShell.ast_node_interactivity = 'all'",
    "1\n'two'",
    "%config InteractiveShell.ast_node_interactivity = 'last_expr'",
    "np.float64(1.5), float('nan'), 2**70",
    # display ids
    "h = display('a', display_id=True)\nfor word in 'bcd': h.update(word)",
    "one = display('x', display_id='same')\ntwo = display('y', display_id='same')",
    "update_display(HTML('<i>z</i>'), display_id='same')",
    "update_display('nobody', display_id='unknown')",
    "display('a')\nclear_output()\ndisplay('b')",
    "print('p')\nclear_output(wait=True)",
    "display('kept')\nclear_output(wait=True)\nprint('after')",
    # streams
    "import sys\nfor n in range(3): print(n, end=' ')\nprint(file=sys.stderr)",
    "print('a'); display('between'); print('b'); print('e', file=sys.stderr); display('last')",
    "print('no newline', end='')",
    "sys.stdout.write('written')",
    "print('汉字', '\\u3000', '🀄', '\\r over', '\\x1b[31mred\\x1b[0m', sep='|')",
    "print('x' * 300_000)",
    "for n in range(20_000): print(n)",
    "import os\nos.write(1, b'to the descriptor\\n'); None",
    "import subprocess\nprint('before'); subprocess.run(['echo', 'by a program']); None",
    "subprocess.run('echo to err >&2', shell=True).returncode",
    "os.system('echo by system')",
    "!echo by the shell",
    "files = !echo a b\nfiles",
    "import time; time.sleep(1)  # os.write: what an ordinary kernel has not passed on yet comes here",
    "import logging; logging.getLogger('x').warning('warned')",
    "import warnings; warnings.warn('careful')",
    "sys.stdout.isatty(), sys.stdout.encoding, sys.stderr.writable(), sys.stdout.readable()",
    "try: print(1, file=sys.stdout, sep=3)\nexcept TypeError as error: print(error)",
    "try: sys.stdout.write(b'bytes')\nexcept TypeError as error: print(error)",
    "from contextlib import redirect_stdout; import io\nwith redirect_stdout(io.StringIO()) as caught: print('caught')\ncaught.getvalue()",
    # errors
    "1 / 0",
    "def f(n): return f(n - 1) if n else [][0]\nf(3)",
    "try: 1 / 0\nexcept Exception as e: raise ValueError('汉字') from e",
    "print('shown'); display('too'); raise KeyError('k')",
    "this is no python",
    "if True:\nprint(1)",
    "undefined_name",
    "assert 1 == 2, 'because'",
    "raise ExceptionGroup('many', [ValueError(1), TypeError(2)])",
    "class Odd(Exception):\n    def __str__(self): raise RuntimeError('no text')\nraise Odd",
    "class Bad:\n    def __repr__(self): raise RuntimeError('no repr')\nBad()",
    "class Half:\n    def _repr_html_(self): raise RuntimeError('no html')\nHalf()",
    "raise KeyboardInterrupt",
    "import sys; sys.exit()",
    "raise SystemExit(3)",
    "input('?')",
    "import getpass; getpass.getpass()",
    "%no_such_magic",
    "%%no_such_cell_magic\nx",
    "import no_such_module",
    "%tb",
    # magics
    "%who_ls str",
    "%%capture taken\nprint('hidden'); 1",
    "taken.stdout, taken.stderr",
    "%%bash\necho from bash\necho err >&2",
    "%%bash\nexit 3",
    "%%writefile written.txt\nline",
    "%cat written.txt",
    "%%html\n<b>h</b>",
    "%%markdown\n# m",
    "%%javascript\n1",
    "%%sh\npwd | tail -c 1",
    "%env TORTURE=1",
    "%alias_magic t time",
    "%precision 2\n3.14159",
    "%xmode Minimal",
    "1 / 0",
    "%xmode Context",
    "get_ipython().run_line_magic('lsmagic', '') is not None",
    "get_ipython().execution_count, len(In) > 3",
    "%load_ext autoreload\n%autoreload 2",
    "%matplotlib inline\nimport matplotlib.pyplot as plt",
    # asyncio
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "task = asyncio.create_task(asyncio.sleep(0, 'from a task')); None",
    "await task",
    "async with asyncio.timeout(5): print('in')",
    "await asyncio.gather(*(asyncio.sleep(0, n) for n in range(3)))",
    "asyncio.get_running_loop().is_running()",
    "try: asyncio.run(asyncio.sleep(0))\nexcept RuntimeError as error: print(error)",
    "await asyncio.sleep(0)\nraise ValueError('awaited error')",
    # threads and processes
    "import threading\ndone = threading.Thread(target=lambda: print('from a thread'))\ndone.start(); done.join()",
    "def show(): display('by a thread')\nt = threading.Thread(target=show); t.start(); t.join()",
    "stays = threading.Thread(target=threading.Event().wait, daemon=True); stays.start(); stays.is_alive()",
    "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(3) as pool: print(sum(pool.map(len, 'abc')))",
    "def fails(): raise ValueError('in a thread')\nthreading.excepthook = lambda a: print(a.exc_type)\nx = threading.Thread(target=fails); x.start(); x.join()",
    "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as p: print(sorted(p.map(abs, [-1, 2])))",
    "pid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0)[1]",
    "mp.current_process().name, mp.get_start_method()",
    # figures
    "plt.plot([1, 2]); plt.title('t')",
    "fig, ax = plt.subplots(); ax.bar([1], [2]); fig",
    "plt.figure(); plt.figure(); None",
    "plt.plot([1]); raise ValueError('after a figure')",
    "plt.close('all')\nplt.get_backend(), plt.rcParams['figure.dpi']",
    "from matplotlib_inline.backend_inline import set_matplotlib_formats\nset_matplotlib_formats('svg'); plt.rcParams['svg.hashsalt'] = 'x'\nos.environ['SOURCE_DATE_EPOCH'] = '0'",
    "plt.plot([3, 1]); plt.show(); print('between'); plt.plot([1, 3]); None",
    # the rest
    "import ipywidgets as w\nout = w.Output()\nwith out: print('into a widget')\nNone",
    "len(out.outputs)",
    "__name__, '__file__' in globals(), sys.argv[0].endswith('ipykernel_launcher.py'), os.getcwd() == os.path.realpath('.')",
    "import inspect\ndef g(): return 1\ninspect.getsource(g)",
    "get_ipython().__class__.__name__, get_ipython().kernel.__class__.__name__",
    "try: breakpoint()\nexcept BaseException as error: print(type(error).__name__)",
    "import tqdm.auto\nlist(tqdm.auto.tqdm(range(3), disable=True))",
    "import gc; gc.collect() >= 0",
    "%reset -f",
    "'after reset'",
    "print('the end')",
)
"""Cells that each try something; they run one after the other, and those that fail stop nothing."""


@pytest.fixture(autouse=True, scope="module")
def light_server() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(processes, "PRELOAD", LIGHT)
        processes.close()
        yield
        processes.close()


def told(notebook_: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """What a notebook says, cell by cell, but for the outputs."""
    return [{name: part for name, part in cell.items() if name != "outputs"} for cell in notebook_.cells]


PROGRAM = re.compile(r"os\.(system|write)|subprocess|^!|= !", re.MULTILINE)
"""Cells that start a program, or write to a descriptor as programs do."""
WRITTEN = sorted(
    [("stderr", word) for word in ["to", "err"]]
    + [
        ("stdout", word)
        for word in ["to", "the", "descriptor", "before", "by", "a", "program", "by", "system", "by", "the", "shell"]
    ]
)
"""Every word of theirs, and the stream it goes to; ``files`` keeps its own."""


def outputs(notebook_: nbformat.NotebookNode) -> list[list[str]]:
    """All outputs of each cell; of neighbouring pieces of a stream, which time cuts, the whole."""
    return [_whole(cell.get("outputs", [])) for cell in notebook_.cells]


def _values(shown: list[str]) -> list[str]:
    """The outputs of a cell that are no streams."""
    return [one for one in shown if json.loads(one).get("output_type") != "stream"]


def _written(notebook_: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Every word that the cells which start programs have written, and to which stream; in no order."""
    cells = [cell for cell in notebook_.cells if PROGRAM.search(cell.source)]
    streams = [one for cell in cells for one in cell.get("outputs", []) if one["output_type"] == "stream"]
    whole = {name: "".join(one["text"] for one in streams if one["name"] == name) for name in ("stdout", "stderr")}
    return sorted((name, word) for name, text in whole.items() for word in text.split())


def _whole(found: list[dict[str, Any]]) -> list[str]:
    whole: list[dict[str, Any]] = []
    for output in found:
        if whole and output["output_type"] == "stream" and output.get("name") == whole[-1].get("name"):
            whole[-1]["text"] += output["text"]
        else:
            whole.append(dict(output))
    return [_same(output) for output in whole]


def _same(thing: Any) -> str:
    """Without what differs between two runs of the same: addresses, widgets' and processes' ids, files that are none."""
    return re.sub(
        r"/ipykernel_\d+/\d+\.py|0x[0-9a-f]{6,}|(?<![0-9a-f])[0-9a-f]{32}|(?<=\(pid=)\d+",
        "…",
        json.dumps(thing, sort_keys=True),
    )


def widgets(notebook_: nbformat.NotebookNode) -> list[str]:
    """The states of all widgets, without their random names."""
    (kept,) = notebook_.metadata.pop("widgets").values()
    return sorted(map(_same, kept["state"].values()))


@either_kind
def test_every_kind_of_output_is_as_papermills_own_engine_leaves_it(tmp_path: Path, conditions: Conditions) -> None:
    made = executed(run(tmp_path, *OUTPUTS, conditions=conditions))
    path = str(tmp_path / "test.ipynb")
    plain = repeatable(papermill.execute_notebook(path, None, {"year": 2023}, progress_bar=False))
    assert told(made) == told(plain)
    assert outputs(made) == outputs(plain)
    assert made.metadata == plain.metadata
    kinds = {output.output_type for cell in made.cells for output in cell.get("outputs", [])}
    assert kinds == {"stream", "display_data", "execute_result"}
    nbformat.validate(made)


@either_kind
def test_a_cell_that_fails_is_marked_as_by_papermills_own_engine(tmp_path: Path, conditions: Conditions) -> None:
    made = run(tmp_path, *BROKEN, conditions=conditions)
    path, left = str(tmp_path / "test.ipynb"), tmp_path / "plain.ipynb"
    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(path, str(left), {"year": 2023}, progress_bar=False)
    plain = repeatable(nbformat.read(left, as_version=4))
    assert made.failure == "单元格“cell-2”出错：ZeroDivisionError：division by zero"
    assert told(executed(made)) == told(plain)
    assert outputs(executed(made)) == outputs(plain)
    assert executed(made).metadata.papermill.exception is True
    assert executed(made).metadata.papermill == plain.metadata.papermill


@either_kind
def test_outputs_that_a_notebook_comes_with_are_not_taken_for_this_runs(tmp_path: Path, conditions: Conditions) -> None:
    path = notebook(tmp_path, "raise SystemExit(0)", "1")
    stale = nbformat.read(path, as_version=4)
    stale.cells[-1].outputs, stale.cells[-1].execution_count = [nbformat.v4.new_output("stream", text="old")], 9
    nbformat.write(stale, path)
    made = executed(processes.make(path, {"year": 2023}, tmp_path, conditions))
    assert made.cells[-1].outputs == []
    assert made.cells[-1].execution_count is None


@forks
def test_cells_show_the_same_in_this_process_and_in_an_ordinary_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where it is set, ipykernel does not look at descriptors
    path, made = notebook(tmp_path, *TORTURE, tags=("raises-exception",)), []
    for conditions in (FORKED, COLD):
        folder = tmp_path / str(conditions.forked)
        folder.mkdir()
        made.append(executed(processes.make(path, {"year": 2023}, folder, conditions)))
    own, ordinary = made
    # An ordinary kernel passes on what programs write when it comes to it: before or after the cell's own value, on a
    # busy machine in the next cell, or when nobody listens for it any more. So what it has passed on is among ours, and
    # ours is all that was written.
    different = [
        f"{cell.source}\n  own:      {one}\n  ordinary: {other}"
        for cell, one, other in zip(own.cells, outputs(own), outputs(ordinary), strict=True)
        if (_values(one) != _values(other) if PROGRAM.search(cell.source) else one != other)
    ]
    assert not different, "\n".join(different)
    assert _written(own) == WRITTEN
    assert not Counter(_written(ordinary)) - Counter(WRITTEN)
    assert told(own) == told(ordinary)
    assert widgets(own) == widgets(ordinary)
    assert own.metadata == ordinary.metadata
    nbformat.validate(own)


@forks
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os; os._exit(7)", "单元格“cell-1”运行时笔记本内核已结束：内核进程中途退出"),
        ("import os; os.abort()", "单元格“cell-1”运行时笔记本内核已结束：内核进程中途退出"),
        ("import ctypes; ctypes.string_at(0)", "单元格“cell-1”运行时笔记本内核已结束：内核进程中途退出"),
        ("exit()", "运行时笔记本内核已结束：内核进程中途退出"),
        ("raise SystemExit(0)", "单元格“cell-2”没有执行：前面的单元格提前结束了笔记本"),
        ("import sys; sys.exit('why')", "单元格“cell-1”出错：SystemExit：why"),
        ("display({'a/b': {}}, raw=True)", "单元格“cell-1”显示的“a/b”须是文本，实际是dict"),
    ],
)
def test_ways_to_end_a_notebook_are_told_alike(tmp_path: Path, source: str, said: str) -> None:
    for conditions in (FORKED, COLD):
        made = run(tmp_path, source, *["import time; time.sleep(1)"] * 2, conditions=conditions)
        assert said in made.failure, conditions


@forks
def test_what_an_ordinary_kernel_loses_is_kept(tmp_path: Path) -> None:
    """Where this process's own kernel is better: half a character, a forked child that goes on, a pool's prints."""
    cells = (
        "print('half \\ud83d a character')",
        "display('also \\ud83d here')",
        "import os\nif os.fork() == 0: print('a child')\nelse: os.wait()",
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(1) as pool: pool.map(print, ['in a pool'])",
        "print('once')",
    )
    made = executed(run(tmp_path, *cells))
    texts = [
        "".join(o.get("text", o.get("data", {}).get("text/plain")) for o in c.get("outputs", [])) for c in made.cells
    ]
    assert texts[-9::2] == [
        "half ? a character\n", "'also \\ud83d here'", "a child\n", "in a pool\n", "once\n",
    ]  # fmt: skip


@forks
def test_streams_are_whole_however_long_a_cell_takes(tmp_path: Path) -> None:
    slow = "import sys, time\nfor n in range(3): print(n); time.sleep(.4); print(n, file=sys.stderr)"
    (cell,) = (cell for cell in executed(run(tmp_path, slow)).cells if cell.id == "cell-1")
    assert [(output.name, output.text) for output in cell.outputs] == [("stdout", "0\n1\n2\n"), ("stderr", "0\n1\n2\n")]

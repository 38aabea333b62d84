"""PDF of an HTML page, printed by the Edge, Chrome or Chromium that is installed: nothing else knows the theme's CSS.

Page size, margins and page numbers are the page's own (``@page``; browsers number pages from 2024 on, Chromium 131).
The browser starts with an empty profile and reaches no network.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from perfeval.deliver.pdfpacking import packed
from perfeval.deliver.printing import for_paper
from perfeval.model import scratch
from perfeval.model.errors import PerfevalError, reason

VARIABLE = "PERFEVAL_BROWSER"
"""Environment variable that names the browser to use instead: a path, or a command on PATH."""
COMMANDS = (
    *("msedge", "microsoft-edge", "microsoft-edge-stable", "google-chrome", "google-chrome-stable", "chrome"),
    *("chromium", "chromium-browser"),
)
WINDOWS = (
    r"Microsoft\Edge\Application\msedge.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
)
WINDOWS_FOLDERS = ("PROGRAMFILES(X86)", "PROGRAMFILES", "LOCALAPPDATA")
MACOS = ("Microsoft Edge", "Google Chrome", "Chromium")
SWITCHES = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-dev-shm-usage",  # containers have 64 MB there
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    # Nothing is fetched: no name is found, no address reached, and the browser does no errands of its own.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--generate-pdf-document-outline",
    "--no-pdf-header-footer",
    "--print-to-pdf-no-header",  # the same for browsers before 2023
)
DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")
NO_DATE = rb"/\1 (D:20000101000000"
"""Says nothing of when, in as many bytes: places in the file stay where they are. The same as in our workbooks."""
HEAD, TAIL = b"%PDF-", b"%%EOF"
NOISE = "dbus/"
"""What a browser without a desktop complains of in every run."""
SHOWN = 400
"""Characters of a browser's complaint that are passed on."""


class PdfError(PerfevalError):
    """A page cannot be made a PDF; the text says why and what to do."""


def browser() -> Path | None:
    """The browser to print with: the one ``PERFEVAL_BROWSER`` names and no other, else the first of Edge, Chrome and
    Chromium in their usual places and on PATH; None where there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        return Path(found) if found else None
    usual = next((place for place in _places() if place.is_file()), None)
    if usual is not None:
        return usual
    return next((Path(found) for command in COMMANDS if (found := shutil.which(command))), None)


def to_pdf(html: Path, pdf: Path, *, seconds: float = 60) -> None:
    """Print ``html`` to ``pdf``, which takes its place only when it is whole.

    The same page gives the same bytes with the same browser and fonts: what is left of time is removed. Raises
    :class:`PdfError` where there is no page, no browser, the browser fails or is not done in so many ``seconds`` (it is
    then ended with all its processes), or the file cannot be written.
    """
    if not html.is_file():
        raise PdfError(f"没有文件 {html.name}，不能转成PDF")
    program = browser()
    if program is None:
        raise PdfError(_missing())
    partial = pdf.with_name(f".{pdf.name}.partial")
    try:
        with scratch.folder() as own:
            content = _print(program, _for_paper(html, own), own, seconds)
        partial.write_bytes(packed(DATES.sub(NO_DATE, content)))
        partial.replace(pdf)
    except OSError as error:
        said = reason(error)[0]
        raise PdfError(f"无法写入 {pdf.name}：{said}；请检查文件夹是否存在、文件是否正被其他程序打开") from error
    finally:
        with suppress(OSError):  # what stood in the way is told already
            partial.unlink(missing_ok=True)


def _for_paper(html: Path, own: Path) -> Path:
    """A report's page as it is printed; any other where it lies, for it may need what lies beside it."""
    given = html.read_bytes()
    printed = for_paper(given)
    if printed == given:
        return html
    page = own / html.name
    page.write_bytes(printed)
    return page


def _print(program: Path, html: Path, own: Path, seconds: float) -> bytes:
    made = own / "page.pdf"
    log = own / "log.txt"
    command = [str(program), *SWITCHES, f"--user-data-dir={own / 'profile'}", f"--print-to-pdf={made}"]
    if _is_root():
        command.append("--no-sandbox")  # browsers refuse to start as root otherwise
    command.append(html.absolute().as_uri())
    with log.open("wb") as said:  # a file: whatever the browser leaves running cannot hold us up by a pipe
        try:
            process = subprocess.Popen(  # noqa: S603  # a browser found by name, given a list of arguments
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=own, start_new_session=True
            )
        except OSError as error:
            raise PdfError(f"浏览器 {program} 不能启动：{reason(error)[0]}") from error
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise PdfError(f"浏览器 {program.name} 在{seconds:g}秒内没有转完 {html.name}，已结束它") from error
        finally:
            _end(process)
    content = made.read_bytes() if made.is_file() else b""
    if code != 0 or not content.startswith(HEAD) or TAIL not in content[-1024:]:
        raise PdfError(f"浏览器 {program.name} 没有把 {html.name} 转成PDF（退出码{code}）：{_complaint(log)}")
    return content


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser and every process it started, also after it has gone itself."""
    if sys.platform == "win32":
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):  # gone, or on macOS only zombies left
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _complaint(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    told = [line for line in lines if line and NOISE not in line]
    return (told[-1] if told else "浏览器没有说明原因")[:SHOWN]


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _places() -> list[Path]:
    """Where browsers are usually installed on this system; PATH comes on top."""
    if sys.platform == "win32":
        folders = [Path(found) for name in WINDOWS_FOLDERS if (found := os.environ.get(name))]
        return [folder / place for place in WINDOWS for folder in folders]
    if sys.platform == "darwin":
        roots = (Path("/Applications"), Path.home() / "Applications")
        return [root / f"{name}.app" / "Contents" / "MacOS" / name for name in MACOS for root in roots]
    return [Path("/opt/microsoft/msedge/msedge"), Path("/opt/google/chrome/chrome")]


def _missing() -> str:
    named = os.environ.get(VARIABLE)
    if named:
        return f"环境变量 {VARIABLE} 所指的浏览器“{named}”不存在或不能执行，请改正，或删去它以使用已安装的浏览器"
    places = "、".join([*(str(place) for place in _places()), f"PATH里的{'、'.join(COMMANDS)}"])
    return (
        f"没有找到能转成PDF的浏览器（找过：{places}）；请安装 Microsoft Edge、Google Chrome 或 Chromium，"
        f"或用环境变量 {VARIABLE} 指明它的位置；也可以用任一浏览器打开HTML，打印为PDF"
    )

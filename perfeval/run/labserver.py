"""JupyterLab's own program, its log cut to what went wrong and, in Chinese, where it is.

``python -m perfeval.run.labserver …`` takes what ``jupyter lab`` takes.
"""

import logging
import re
import sys

from jupyterlab.labapp import LabApp

ADDRESS = re.compile(r"https?://\S+")
ACCESS = "To access the server"
ENDING = ("received signal", "Shutting down", "Shutdown confirmed", "interrupted")
LOGGERS = ("ServerApp", "LabApp")


class Short(logging.Filter):
    """Lets problems through, and of the rest only the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to show it; the sentence around the address is replaced."""
        text = record.getMessage()
        if ACCESS in text and (address := ADDRESS.search(text)):
            record.msg = f"JupyterLab 已就绪。浏览器没有自动打开的，请打开这个地址：\n  {address[0]}"
            record.args = ()
            return True
        return record.levelno >= logging.ERROR and not text.strip().startswith(ENDING)


def main() -> None:
    """Serve until asked to end."""
    server = LabApp.initialize_server(argv=sys.argv[1:])
    for name in LOGGERS:
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(Short())
            handler.setFormatter(logging.Formatter("%(message)s"))
    # jupyter_server says its address before it listens (it closes the port it found, to bind it in its loop's first
    # turn): let the loop turn now, so that nobody else takes the port and whoever follows the address is answered
    server.io_loop.run_sync(lambda: None)
    server.start()


if __name__ == "__main__":
    main()

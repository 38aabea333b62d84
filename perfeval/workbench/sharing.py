"""One HTML file with everything in it: the workbench without Jupyter, for people who get it by mail.

It asks nobody for anything: script and style stand in the page and are allowed by their hashes alone, the data are
gzip in base64. What comes from data never becomes markup. The same frames give the same bytes.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from perfeval.present.style import SHEETS, minified
from perfeval.workbench.packing import squeezed

PARTS = ("frame", "dom", "table", "heat", "plots", "bench")
"""The script's files in the order they are put together."""
PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-{script_hash}'; \
style-src 'sha256-{style_hash}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="wb-page">
<main>
<h1>{title}</h1>
<div id="workbench">正在打开…（这份文件需要浏览器允许脚本；它不访问网络）</div>
</main>
<script id="data" type="application/octet-stream" data-coding="gzip">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"""


@cache
def script() -> str:
    """The workbench's script, a module without an export."""
    return "\n".join(_text(f"{part}.js") for part in PARTS)


@cache
def style() -> str:
    """The workbench's style sheet, in the reports' colours, light and dark."""
    text = _text("workbench.css")
    for name in ("light", "dark"):
        text = text.replace(f"/*{name}*/", (SHEETS / f"{name}.css").read_text(encoding="utf-8").strip())
    return minified(text)


def _text(name: str) -> str:
    return resources.files("perfeval.workbench").joinpath("assets", name).read_text(encoding="utf-8")


def page(payload: Mapping[str, Any], title: str) -> bytes:
    """The file: ``payload`` as the script takes it (meta, rows, scores, choice)."""
    code = f"{script()}\nstart();\n"
    text = PAGE.format(
        title=escape(title),
        style=style(),
        style_hash=_hash(style()),
        script=code,
        script_hash=_hash(code),
        data=base64.b64encode(squeezed(payload)).decode(),
    )
    return text.encode()


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

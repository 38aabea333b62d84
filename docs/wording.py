"""What Sphinx and its theme leave in English or set as English would be: their words, and line ends between Chinese."""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

WORDS = {
    "<pre>": '<pre tabindex="0">',  # what scrolls can be reached by the keyboard
    '<table class="docutils': '<table tabindex="0" class="docutils',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="站内目录">',
    '<aside class="toc-drawer': '<aside aria-label="本页" class="toc-drawer',
    '<noscript>\n<div class="admonition error">': '<h1>查找</h1>\n<noscript>\n<div class="admonition error">',
    ">Next<": ">下一页<",
    ">Previous<": ">上一页<",
    ">Home<": ">首页<",
    "Skip to content": "跳到正文",
    "Toggle Light / Dark / Auto color theme": "亮色、暗色、随系统",
    "Toggle site navigation sidebar": "打开或收起目录",
    "Toggle table of contents sidebar": "打开或收起本页目录",
    "Toggle navigation of ": "展开或收起：",
    "Back to top": "回到顶部",
    "Hide navigation sidebar": "收起目录",
    "Hide table of contents sidebar": "收起本页目录",
    "On this page": "本页目录",
    "Made with ": "版式：",
    ">Light mode<": ">亮色<",
    ">Dark mode<": ">暗色<",
    ">Menu<": ">目录<",
    ">Expand<": ">展开<",
    ">Contents<": ">本页目录<",
}
"""What the theme's templates write, and what stands in its place on every page."""
LISTED = re.compile(r"<dl>\n((?:<dd>.*</dd>\n)+)</dl>")
"""The parameters of a long signature: no list of terms, for there is none but what is told."""
WIDE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’—…]")


def joined(_app: Sphinx, tree: nodes.document) -> None:
    """Take out line ends between Chinese signs, which a browser shows as spaces and which cut words in two."""
    texts = [*tree.findall(nodes.Text)]
    for before, end, after in zip(texts, texts[1:], texts[2:], strict=False):
        together = block(before) is block(end) is block(after)
        if end == "\n" and together and before and WIDE.match(before[-1]) and WIDE.match(after):
            end.parent.remove(end)


def block(text: nodes.Node) -> nodes.Node:
    """The paragraph, or what else of its kind, in which a text stands."""
    while isinstance(text, nodes.Text | nodes.Inline) and text.parent is not None:
        text = text.parent
    return text


def in_chinese(app: Sphinx, error: Exception | None) -> None:
    """Put the theme's words into Chinese, on every page."""
    if error is not None or app.builder.format != "html":
        return
    for page in sorted(Path(app.outdir).rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for words, chinese in WORDS.items():
            text = text.replace(words, chinese)
        text = LISTED.sub(
            lambda found: re.sub("(</?)dd>", r"\1span>", f'<span class="sig-each">{found[1]}</span>'), text
        )
        page.write_text(text, encoding="utf-8", newline="\n")

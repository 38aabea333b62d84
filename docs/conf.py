"""The site: Sphinx reads the Markdown of this folder; ``make docs`` writes build/site/, which opens without network."""

import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import reference  # noqa: E402  # beside this file
import searching  # noqa: E402
import wording  # noqa: E402

import perfeval  # noqa: E402

project = "perfeval 预算绩效自评"
copyright = ""  # noqa: A001  # Sphinx's name
html_title = project
version = release = perfeval.__version__
language = "zh_CN"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["myst.header"]  # generated pages begin a block of tables where it suits them

autodoc_member_order = "bysource"
add_module_names = False
python_maximum_signature_line_length = 88

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}


def setup(app: Sphinx) -> None:
    """The reference is filled in from the code; search cuts Chinese into pairs."""
    app.add_search_language(searching.PairSearch)
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", reference.fill)
    app.connect("doctree-read", wording.joined)
    app.connect("build-finished", wording.in_chinese)
    app.connect("autodoc-process-signature", reference.as_written)

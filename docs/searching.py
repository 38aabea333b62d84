"""The site's search in Chinese: page and query are cut alike, into pairs of neighbouring characters.

A dictionary cuts a page at one place and leaves the query whole, so that 预算执行率 is not found where the page has
预算 and 执行率; pairs find every word that is there, also one that no dictionary has, and need no package.
"""

import re

from sphinx.search import SearchLanguage

RUN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9_]+")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def words(text: str) -> list[str]:
    """What a text is found by: Latin words, Chinese characters and pairs of them.

    >>> words("执行率 run")
    ['执', '执行', '行', '行率', '率', 'run']
    """
    found: list[str] = []
    for run in RUN.findall(text):
        if not CHINESE.match(run):
            found.append(run)
            continue
        for at in range(len(run)):
            found += [run[at], run[at : at + 2]] if at + 1 < len(run) else [run[at]]
    return found


class PairSearch(SearchLanguage):
    """Cuts pages as ``words`` does, and in the browser queries likewise."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = r"""
function splitQuery(query) {
  const found = [];
  for (const run of query.match(/[\u3400-\u9fff]+|[A-Za-z0-9_]+/g) || []) {
    if (!/[\u3400-\u9fff]/.test(run) || run.length === 1) found.push(run);
    else for (let at = 0; at + 1 < run.length; at++) found.push(run.slice(at, at + 2));
  }
  return found;
}
"""

    def split(self, input: str) -> list[str]:  # noqa: A002  # Sphinx's name
        """The words of a page."""
        return words(input)

    def stem(self, word: str) -> str:
        """As it is, in lower case."""
        return word.lower()

"""A piece of a report as notebooks show it."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from perfeval.present import style


@dataclass(frozen=True)
class Html:
    """A piece of a page, and the same in plain words."""

    text: str
    plain: str = ""
    title: str = ""
    """Title of the whole page; only the header has one."""

    def __html__(self) -> Markup:
        return Markup(self.text)  # noqa: S704  # made of escaped parts

    def _repr_html_(self) -> str:
        return style.standing(self.text)

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ARG002  # IPython's call
        return {"text/html": self._repr_html_(), "text/plain": self.plain}, {"title": self.title} if self.title else {}


def html(*parts: Markup, plain: str | tuple[str, ...] = "") -> Html:
    """Parts one after the other, with the same in plain words."""
    return Html(str(Markup("").join(parts)), plain if isinstance(plain, str) else "\n".join(plain))

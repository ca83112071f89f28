"""Translated sentences with values in them: ``{% trans %}`` of Jinja2's ``i18n`` extension.

Jinja2 escapes the values in a sentence for HTML. Where HTML is not what stands there, the sentence
is one text, as it was before that.
"""

from __future__ import annotations

import html
from typing import Any

from markupsafe import Markup

from ringfence.rings.escaping import html as html_language
from ringfence.rings.escaping.jinja_run import JinjaRun, write
from ringfence.rings.escaping.place import Place
from ringfence.rings.escaping.variable import Variable

__all__ = ["raw_text", "write_translated"]


class _Raw:
    """A value in a sentence that is meant for no markup."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __html__(self) -> str:
        return str(self.value)

    __str__ = __html__

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)


def _is_code(place: Place) -> bool:
    state = place.state
    if type(state) is html_language.Markup:
        return state.content is not None and type(state.content) is not html_language.Markup
    return not place.plain


def raw_text(run: JinjaRun, value: Any) -> Any:
    """Return a value as it is to be put into a translated sentence."""
    return _Raw(value) if _is_code(run.place) else value


def write_translated(run: JinjaRun, raw: Any, variable: Variable) -> str:
    """Return a sentence as what may stand here."""
    place = run.place
    if type(raw) is Markup and not place.plain:
        text = str.__str__(raw)
        if _is_code(place):
            return run.value(text, text, False, variable)  # noqa: FBT003
        if getattr(place.state, "value", None) is not None:
            text = html.unescape(text)
            return run.value(text, text, False, variable)  # noqa: FBT003
    return write(run, raw, variable)

"""Translated sentences with values in them: ``{% trans %}`` of Jinja2's ``i18n`` extension.

Jinja2 escapes the values in a sentence for HTML text. Where markup may stand, each is written for
where the translator put it. Where HTML is not what stands there, the sentence is one text, as it
was before it was escaped.
"""

from __future__ import annotations

import html
import re
from typing import Any

from markupsafe import Markup, escape

from ringfence.rings.escaping import html as html_language
from ringfence.rings.escaping.jinja_run import JinjaRun, is_markup, write
from ringfence.rings.escaping.place import Place, start_of
from ringfence.rings.escaping.variable import Following, Variable

__all__ = ["raw_text", "sentence", "write_translated"]

#: Private characters: a translation has none, and a value is never searched.
_MARK = re.compile("\ue000([0-9]+)\ue001")
#: What is no markup, whatever stands around it.
_NUMBERS = frozenset((int, float, bool, type(None)))


class _Raw:
    """A value in a sentence that is meant for no markup."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __html__(self) -> str:
        return str(self.value)

    def __str__(self) -> str:
        return self.__html__()

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)


class _Marked(_Raw):
    """A value in a sentence of markup: a mark stands for it until it is known where it is."""

    def __init__(self, value: Any, mark: str) -> None:
        super().__init__(value)
        self.mark = mark

    def __html__(self) -> str:
        return self.mark

    def __repr__(self) -> str:
        return repr(self.value)


def _is_code(place: Place) -> bool:
    state = place.state
    if type(state) is html_language.Markup:
        return state.content is not None and type(state.content) is not html_language.Markup
    return not place.plain


def raw_text(
    run: JinjaRun,
    value: Any,
    variable: Variable,
    autoescape: bool,  # noqa: FBT001 -- generated code calls it
    stored: bool = False,  # noqa: FBT001, FBT002 -- as above
) -> Any:
    """Return a value as it is to be put into a translated sentence.

    ``stored`` says that the sentence is not written where it stands.
    """
    if not autoescape or type(value) in _NUMBERS:
        return value
    if stored or is_markup(run.place.state):
        run.marked.append((value, variable))
        return _Marked(value, f"\ue000{len(run.marked) - 1}\ue001")
    return _Raw(value) if _is_code(run.place) else value


def write_translated(run: JinjaRun, raw: Any, variable: Variable) -> str:
    """Return a sentence as what may stand here."""
    place = run.place
    if type(raw) is Markup and is_markup(place.state):
        return _spliced(run, raw) if "\ue000" in raw else write(run, raw, variable)
    raw = _filled(run, raw)
    if type(raw) is Markup and not place.plain:
        text = str.__str__(raw)
        if _is_code(place):
            return run.value(text, text, False, variable)  # noqa: FBT003
        if getattr(place.state, "value", None) is not None:
            text = html.unescape(text)
            return run.value(text, text, False, variable)  # noqa: FBT003
    return write(run, raw, variable)


def sentence(run: JinjaRun, raw: Any) -> Any:
    """Return a sentence that is stored, or goes through filters: as it is in text."""
    if type(raw) is not Markup or "\ue000" not in raw:
        return _filled(run, raw)
    mark, grants = run.mark(), run.grants
    run.place, run.recorded = start_of(None), None
    run.replace_grants(None)
    try:
        return Markup(_spliced(run, raw))  # noqa: S704 -- each value is escaped in it
    finally:
        run.replace_grants(grants)
        run.unmark(mark)


def _filled(run: JinjaRun, raw: Any) -> Any:
    """Return what some other function than Jinja2's made of a sentence, with its values."""
    if not isinstance(raw, str) or "\ue000" not in raw:
        return raw
    text = _MARK.sub(lambda match: _value(run, match[1], match[0]), str.__str__(raw))
    return escape(text) if isinstance(raw, Markup) else text


def _value(run: JinjaRun, number: str, otherwise: str) -> str:
    return str(run.marked[int(number)][0]) if int(number) < len(run.marked) else otherwise


def _spliced(run: JinjaRun, sentence: Markup) -> str:
    """Return the translator's text, and the values in it, each for where it stands."""
    parts = []
    pieces = _MARK.split(str.__str__(sentence))
    for index, piece in enumerate(pieces):
        if index % 2 and int(piece) < len(run.marked):
            if run.place.looks_ahead:
                # The translator's text behind it may decide what it is.
                rest = Following([*pieces[index + 1 :: 2]], 0)
                run.place = Variable("", following=rest).ahead(run.place)
            parts.append(write(run, *run.marked[int(piece)]))
        elif index % 2:
            parts.append(run.translated(f"\ue000{piece}\ue001"))
        elif piece:
            parts.append(run.translated(piece))
    return "".join(parts)

"""A script's text to flows: what data of it reaches the places where something is made of it.

Three times through all tokens: what is assigned and what functions are given is learnt in the
first two, what reaches a place is noted in the last one. What is not known is silent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ringfence.audit.collect.scripts import words
from ringfence.audit.collect.scripts.calls import Calls
from ringfence.audit.collect.scripts.lexer import NAME, PUNCT, STRING
from ringfence.audit.collect.scripts.names import TooMuchError
from ringfence.audit.collect.scripts.values import NOTHING, Value, joined
from ringfence.audit.facts.scripts import Flow, Origin
from ringfence.audit.facts.values import Place

__all__ = ["flows"]

_TIMES: Final = 3
_ASSIGNS = frozenset(("=", "+=", "||=", "??=", "&&="))
_DECLARES = frozenset(("var", "let", "const"))
_BINDINGS = ("v-html=", "x-html=", "ng-bind-html=")


def flows(
    text: str,
    place: Callable[[int], Place],
    *,
    original: str = "",
    jinja: bool = False,
) -> tuple[Flow, ...]:
    """Return what reaches a place in the script ``text``; ``place`` says where an offset is.

    Of a template's script ``text`` has what is rendered blanked, ``original`` is it as it stands
    there. ``()`` for one that is too large, or takes too long.
    """
    if not words.MAY_MATTER.search(text):
        return ()
    reading = _Reading(text, place, original or text, jinja=jinja)
    try:
        reading.go()
    except (TooMuchError, RecursionError):
        return ()
    return tuple(reading.flows.values())


class _Reading(Calls):
    def go(self) -> None:
        """Read all of it."""
        functions, entered = self.structure.functions, self.structure.entered
        for time in range(_TIMES):
            self.is_last = time == _TIMES - 1
            around: list[int] = []
            for at, token in enumerate(self.tokens):
                while around and functions[around[-1]].end <= at:
                    around.pop()
                if at in entered:
                    around.append(entered[at])
                self.current = around[-1] if around else -1
                if token.kind == PUNCT:
                    self._punctuation(at, token.text)
                elif token.kind == NAME:
                    if token.text == "of":
                        self._each(at)
                    elif token.text in words.CELLS and at in self.structure.starting:
                        self.cells(self.structure.starting[at], token.text)
                elif token.kind == STRING and self.is_last and "html=" in token.text:
                    self._template(at)

    def _punctuation(self, at: int, text: str) -> None:
        if text == "(":
            if at not in self.structure.defining:
                self.call(at)
        elif text in _ASSIGNS:
            self._assign(at)
        elif text == ":":
            self._option(at)

    # Assignments

    def _assign(self, at: int) -> None:
        structure = self.structure
        first = at + 1
        target = self.path_before(at)
        number = structure.starting.get(first)
        if number is not None:
            if target[-1:] == ["onmessage"]:
                self.listens(number, target[:-1])
            return
        value = self.value(first, structure.end_of(first))
        before = structure.text(at - 1)
        if before == "}" or (before == "]" and self._declared(structure.pair[at - 1])):
            self._take_apart(structure.pair[at - 1], at - 1, value)
            return
        if before == "]":
            # What is put into a list or a table is in it.
            path = self.path_before(structure.pair[at - 1])
            if value.origins and path and path[0] != "?":
                self._set(path, value, add=True)
            return
        if not target:
            return
        last = target[-1]
        if len(target) > 1 and last in words.MARKUP_PROPERTIES:
            self.note("markup", last, value, at - 1)
        elif last == "location" or (last == "href" and len(target) > 1):
            self.goes(value, first, at - 1, last)
        if target[0] == "?":
            return
        if self._is_element(first):
            self.elements.add(target[0])
        declared = self._declared(at - 1)
        # A name that is begun anew, as "" or [], may have been filled in another branch.
        empty = not declared and self._is_constant(first)
        add = structure.text(at) != "=" or empty
        self._set(target, value, add=add, own=declared)

    def _declared(self, at: int) -> bool:
        return self.structure.text(at - 1) in _DECLARES

    def _is_element(self, first: int) -> bool:
        names = {self.structure.text(at) for at in range(first, first + 6)}
        return not names.isdisjoint(("getElementById", "querySelector", "createElement"))

    def _is_constant(self, first: int) -> bool:
        last = self.structure.end_of(first)
        return all(token.kind != NAME for token in self.tokens[first:last])

    def _set(self, path: list[str], value: Value, *, add: bool, own: bool = False) -> None:
        key = ".".join(path)
        number = self.current
        if not own:
            number = next(
                (each for each in self.scopes() if key in self.known[each + 1]),
                -1 if path[0] in ("this", "self", "that") else number,
            )
        scope = self.known[number + 1]
        if add:
            value = joined(scope.get(key, NOTHING), value)
        if value.origins or value.built or key in scope or own:
            scope[key] = value

    def _take_apart(self, opening: int, close: int, value: Value) -> None:
        structure = self.structure
        if opening < 0:
            return
        for at in range(opening + 1, close):
            if structure.is_name(at) and structure.text(at + 1) in (",", "}", "]", "="):
                name = self.tokens[at].text
                self._set([name], value.named(name), add=False, own=True)

    def _each(self, at: int) -> None:
        """Read ``for (const x of xs)``."""
        structure = self.structure
        declared = structure.text(at - 2) in (*_DECLARES, "(")
        if not declared and structure.text(at - 1) not in ("]", "}"):
            return
        value = self.value(at + 1, structure.end_of(at + 1))
        if structure.text(at - 1) in ("]", "}"):
            self._take_apart(structure.pair[at - 1], at - 1, value)
        elif structure.is_name(at - 1):
            self._set([self.tokens[at - 1].text], value, add=False, own=True)

    def _option(self, at: int) -> None:
        """Read ``render: function (data) …``, by which libraries ask for markup."""
        name = self.tokens[at - 1].text.strip("\"'") if at else ""
        number = self.structure.starting.get(at + 1)
        if number is not None and name in words.CELLS:
            self.cells(number, name)

    def _template(self, at: int) -> None:
        token = self.tokens[at]
        for binding in _BINDINGS:
            if binding in token.text and "<" in token.text:
                start = token.text.index(binding) + len(binding)
                expression = token.text[start : start + 60].strip("\\\"' ")
                expression = expression.partition('"')[0].partition("'")[0].rstrip("\\")
                self.note("binding", binding[:-1], Value((Origin("binding", expression),)), at)

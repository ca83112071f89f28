"""Where the parts of an expression come from, by the names in it and what is known of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from ringfence.audit.collect.scripts import words
from ringfence.audit.collect.scripts.lexer import DATA, NAME, REGEX, STRING
from ringfence.audit.collect.scripts.names import LONGEST, Names, TooMuchError
from ringfence.audit.collect.scripts.values import NOTHING, Value, joined
from ringfence.audit.collect.templates.expressions import django_filters, jinja_filters, listed
from ringfence.audit.facts.scripts import Origin

__all__ = ["Expressions"]

_MARKUP = re.compile(r"<[A-Za-z/!]")
_RENDERS = "\ue000"
_SKIPPED = listed(
    "await async new return typeof void yield function var let const in of if else case delete"
    " throw true false null undefined do while for"
)
_BEFORE = frozenset(("(", "await", "new", "`("))
_EITHER = frozenset(("?", ":", "||", "??"))
_DOCUMENTS = frozenset(("window", "document", "self", "top", "parent", "globalThis"))
_OF_DOCUMENT = frozenset(("referrer", "URL", "documentURI", "baseURI"))
_QUIET_ATTRIBUTES = listed("class id type role style method tabindex lang dir rel")
_FIELD = re.compile(r"(?i)(?:input|field|select|textarea|elem(?:ent)?|^el|box|button|node)$")
_TEXTS = frozenset(("textContent", "innerText", "nodeValue"))
#: So many functions are followed into one another.
_DEEPEST = 5


class _Link(NamedTuple):
    """A link of a chain: a name, with the bracket of the call behind it, or an index."""

    name: str
    at: int
    call: int


class Expressions(Names):
    """What is known of a script's names, and by that of its expressions.

    ``text`` is the script with what the language of a template renders blanked, ``original`` the
    script as it stands in the file.
    """

    def __init__(self, text: str, original: str, *, jinja: bool) -> None:
        super().__init__(text)
        self.original = original
        self.filters = jinja_filters if jinja else django_filters
        self.deep = 0

    def value(self, first: int, last: int) -> Value:
        """Return what is known of the expression between two tokens."""
        found = NOTHING
        begins: tuple[Origin, ...] = ()
        at = start = first
        structure = self.structure
        while start < last and structure.text(start) in _BEFORE:
            start += 1
        while at < last:
            self.left -= 1
            if self.left < 0:
                raise TooMuchError
            number = structure.starting.get(at)
            if number is not None:
                at = max(structure.functions[number].end, at + 1)
                continue
            token = self.tokens[at]
            end = at + 1
            new = NOTHING
            if token.kind == STRING:
                new = self._of_string(token.text, token.start)
            elif token.kind == DATA:
                new = Value(self._rendered(token.start, token.start + len(token.text)))
            elif token.kind == NAME and structure.text(at - 1) not in (".", "?."):
                if structure.text(end) == ":" and structure.text(at - 1) in ("{", ","):
                    at += 2
                    continue
                end, new = self._chain(at, last)
                if self._only_decides(at, end):
                    new = NOTHING
            if at == start or structure.text(at - 1) in _EITHER:
                begins += new.begins
            found = joined(found, new) if found is not NOTHING else new
            at = max(end, at + 1)
        return found._replace(first=begins) if found.origins else found

    def _only_decides(self, at: int, end: int) -> bool:
        before, behind = self.structure.text(at - 1), self.structure.text(end)
        if behind in words.WORDS_ONLY or before in words.GOES_ON:
            return True
        # +x is a number.
        return before == "+" and self.structure.text(at - 2) in ("(", ",", "=", "+", "[", ":")

    def _of_string(self, text: str, start: int) -> Value:
        built = "<" in text and _MARKUP.search(text) is not None
        if _RENDERS in text:
            return Value(self._rendered(start, start + len(text)), built)
        return Value((), built) if built else NOTHING

    def _rendered(self, start: int, end: int) -> tuple[Origin, ...]:
        """Return the variables of the template between two offsets."""
        found: list[Origin] = []
        while len(found) < LONGEST:
            start = self.original.find("{{", start, end)
            close = self.original.find("}}", start, end) if start >= 0 else -1
            if close < 0:
                break
            base, filters = self.filters(self.original[start + 2 : close].strip(" -+\n"))
            found.append(Origin("variable", base, filters))
            start = close
        return tuple(found)

    # Chains of names, calls and indices

    def _chain(self, at: int, last: int) -> tuple[int, Value]:
        text = self.tokens[at].text
        if text in _SKIPPED:
            return at + 1, NOTHING
        links, end = self._links(at, last)
        return end, self._of_links(links)

    def _links(self, at: int, last: int) -> tuple[list[_Link], int]:
        structure = self.structure
        links: list[_Link] = []
        name, end = at, at + 1
        while len(links) < LONGEST:
            call = end if structure.text(end) == "(" and structure.pair[end] > end else -1
            end = structure.pair[end] + 1 if call >= 0 else end
            links.append(_Link(self.tokens[name].text, name, call))
            while structure.text(end) in ("[", "(") and structure.pair[end] > end:
                index = self.tokens[end + 1]
                key = index.text.strip("\"'") if index.kind == STRING else ""
                links.append(_Link(key, end, -1))
                end = structure.pair[end] + 1
            if end + 1 < last and structure.text(end) in (".", "?."):
                if structure.is_name(end + 1):
                    name, end = end + 1, end + 2
                    continue
                if structure.text(end + 1) in ("[", "("):
                    end += 1
            break
        return links, min(end, max(last, at + 1))

    def _of_links(self, links: list[_Link]) -> Value:
        self.left -= len(links)
        if any(link.call >= 0 and words.CLEAN_CALL.search(link.name) for link in links):
            return NOTHING
        last = links[-1]
        if len(links) > 1 and last.call < 0 and words.CLEAN_NAME.search(last.name):
            return NOTHING
        found = self._source(links)
        if found is None:
            return NOTHING
        value, at = found
        for index in range(at, len(links)):
            if not value.origins:
                break
            value = self._through(value, links, index)
        return value

    def _through(self, value: Value, links: list[_Link], index: int) -> Value:
        link = links[index]
        if link.call < 0:
            return value.named(link.name) if link.name else value
        if link.name in ("replace", "replaceAll", "match"):
            first = self.tokens[link.call + 1]
            if first.kind == REGEX and ("<" in first.text or "&" in first.text):
                return NOTHING
            if (
                link.name == "match"
                and first.kind == REGEX
                and not re.search(r"\.[*+]|\[\^|\\S", first.text)
            ):
                return NOTHING
        if link.name in words.EACH or link.name in words.THEN:
            for each in list(self.structure.arguments(link.call))[:1]:
                number = self.function_at(*each)
                if number >= 0:
                    self.give(number, 0, value)
                    if link.name in ("map", "flatMap", "then"):
                        result = self.returned(number, [], value)
                        return result if result.origins or link.name != "then" else NOTHING
        if link.name == "get" and value.origins[0].kind == "address":
            return value
        if link.name in words.CUTS:
            return value.cut()
        return value if link.name in words.KEEPS else NOTHING

    def _source(self, links: list[_Link]) -> tuple[Value, int] | None:
        """Return what the beginning of a chain is, and the link behind it."""
        names = [link.name for link in links]
        path = []
        for link in links:
            path.append(link.name)
            if link.call >= 0 or not link.name:
                break
        called = links[len(path) - 1].call
        dotted = ".".join(path)
        for index, link in enumerate(links):
            if link.name == "exec" and index and link.call >= 0:
                # What a pattern found is part of what it was looked for in.
                return self._joined_arguments(link.call).cut(), index + 1
        if called >= 0 and (dotted in words.ROOTS or (path[-1] in words.ROOTS and len(path) == 1)):
            value = self._joined_arguments(called)
            if path[-1] in ("URLSearchParams", "URL"):
                value = value.of_query()
            return value, len(path)
        return (
            self._of_page(names, links)
            or self._of_function(path, called)
            or self._of_answer(dotted, called, len(path))
            or self._of_element(names, links)
            or self.look_up(path)
        )

    def _of_page(self, names: list[str], links: list[_Link]) -> tuple[Value, int] | None:
        at = 1 if len(names) > 1 and names[0] in _DOCUMENTS else 0
        if names[at] == "location" and links[at].call < 0 and self.look_up(["location"]) is None:
            behind = names[at + 1] if len(names) > at + 1 else ""
            if behind in words.QUIET_OF_LOCATION:
                return NOTHING, len(links)
            return Value((Origin("address", behind),)), min(at + 2, len(links))
        if at and names[0] == "document" and names[1] in _OF_DOCUMENT:
            return Value((Origin("address", names[1]),)), 2
        if names[:2] == ["window", "name"]:
            return Value((Origin("address", "name"),)), 2
        if names[:2] == ["document", "cookie"]:
            return Value((Origin("storage", "cookie"),)), 2
        if names[at] in ("localStorage", "sessionStorage"):
            return Value((Origin("storage", self._first_string(links[-1].call)),)), len(links)
        if names[at] == "prompt" and links[at].call >= 0:
            return Value((Origin("field"),)), at + 1
        return None

    def _of_function(self, path: list[str], called: int) -> tuple[Value, int] | None:
        if called < 0:
            return None
        number = self.structure.by_name.get(path[-1], -1)
        if number < 0 or (len(path) > 1 and path[0] not in ("this", "self", "that")):
            return None
        return self.returned(number, list(self.structure.arguments(called))), len(path)

    def _of_answer(self, dotted: str, called: int, length: int) -> tuple[Value, int] | None:
        if called >= 0 and words.ANSWERING.fullmatch(dotted):
            return Value((Origin("answer"),)), length
        return None

    def _of_element(self, names: list[str], links: list[_Link]) -> tuple[Value, int] | None:
        known = self.look_up(names[:1])
        tainted = known is not None and any(each.kind != "parameter" for each in known[0].origins)
        for index, link in enumerate(links):
            word = link.name
            if link.call >= 0:
                origin = None if tainted else self._read_by(link, names[:index])
                if origin is not None:
                    return Value((origin,)), index + 1
            elif index and word in words.ANSWERS:
                behind = names[-1] if index + 1 < len(names) else ""
                return Value((Origin("answer", behind),)), len(links)
            elif index and word == "dataset" and index + 1 < len(links):
                return Value((Origin("attribute", names[index + 1]),)), index + 2
            elif index and word == "files":
                return Value((Origin("file", "files"),)), index + 1
            elif index and not tainted and word in _TEXTS:
                return Value((Origin("text"),)), index + 1
            elif index and not tainted and word == "value" and self._is_field(names[:index]):
                name = names[index - 1]
                name = "" if name in words.OF_ELEMENT else name
                return Value((Origin("field", name),)), index + 1
        if links[0].name in ("$", "jQuery"):
            return NOTHING, len(links)
        return None

    def _is_field(self, names: list[str]) -> bool:
        return (
            not words.OF_ELEMENT.isdisjoint(names)
            or names[0] in self.elements
            or _FIELD.search(names[-1]) is not None
        )

    def _read_by(self, link: _Link, before: list[str]) -> Origin | None:
        """Return what a getter of an element, or of jQuery's, reads."""
        if not before:
            return None
        arguments = list(self.structure.arguments(link.call))
        if not arguments:
            if link.name in ("val", "text"):
                return Origin("field" if link.name == "val" else "text")
            if link.name == "data" and not {"row", "cell", "rows"}.isdisjoint(before):
                return Origin("cell")
            return None
        if len(arguments) == 1 and link.name in ("data", "attr", "getAttribute"):
            name = self._first_string(link.call)
            if name and name not in _QUIET_ATTRIBUTES:
                return Origin("attribute", name.removeprefix("data-"))
        return None

    def _first_string(self, call: int) -> str:
        if call < 0 or call + 1 >= len(self.tokens):
            return ""
        token = self.tokens[call + 1]
        return token.text.strip("\"'") if token.kind == STRING else ""

    def _joined_arguments(self, call: int) -> Value:
        found = NOTHING
        for first, last in self.structure.arguments(call):
            found = joined(found, self.value(first, last))
        return found

    # Functions

    def returned(
        self, number: int, arguments: list[tuple[int, int]], first: Value = NOTHING
    ) -> Value:
        """Return what a function returns for these arguments; ``first`` is the first one's value.

        Without arguments its parameters stay what is known of them.
        """
        if self.deep >= _DEEPEST:
            return NOTHING
        function = self.structure.functions[number]
        before, self.current = self.current, number
        self.deep += 1
        found = NOTHING
        for each in function.returns[:20]:
            found = joined(found, self.value(*each))
        self.current = before
        begins = tuple(each for each in found.begins if each.of != number)
        result = Value(tuple(each for each in found.origins if each.of != number), found.built)
        for origin in found.origins:
            if origin.of == number:
                value = self._given(number, origin, arguments, first)
                begins += value.begins if origin in found.begins else ()
                result = joined(result, value)
        self.deep -= 1
        return result._replace(built=found.built or result.built, first=begins)

    def _given(
        self, number: int, origin: Origin, arguments: list[tuple[int, int]], first: Value
    ) -> Value:
        """Return the value of the argument for a parameter of a function."""
        for index, names in enumerate(self.structure.functions[number].parameters):
            if self._binds(names, origin):
                if index == 0 and first.origins:
                    return first.named(origin.name) if origin.name else first
                return self.value(*arguments[index]) if index < len(arguments) else NOTHING
        return NOTHING

    @staticmethod
    def _binds(names: list[str], origin: Origin) -> bool:
        return bool(origin.filters) and origin.filters[0] in names

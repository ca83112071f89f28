"""What a script's calls do with their arguments: make something of them, or hand them on."""

from __future__ import annotations

from collections.abc import Callable

from ringfence.audit.collect.scripts import words
from ringfence.audit.collect.scripts.expressions import Expressions
from ringfence.audit.collect.scripts.lexer import NAME
from ringfence.audit.collect.scripts.values import Value
from ringfence.audit.collect.templates.expressions import listed
from ringfence.audit.facts.scripts import Flow, Origin
from ringfence.audit.facts.values import Place

__all__ = ["Calls"]

#: So many flows of one script are told.
_MOST = 200
#: ``x.startsWith(…)`` looks at ``x``, ``allowed.includes(x)`` too.
_GUARDS = listed("startsWith match indexOf charAt origin host hostname protocol")
_GUARDED_BY = listed("test includes has hasOwnProperty indexOf")
_ANSWERED = listed("success complete done onSuccess callback")


class Calls(Expressions):
    """The flows of a script, as far as calls make them; ``place`` says where an offset is."""

    def __init__(
        self, text: str, place: Callable[[int], Place], original: str, *, jinja: bool
    ) -> None:
        super().__init__(text, original, jinja=jinja)
        self.place = place
        self.flows: dict[tuple[str, int], Flow] = {}
        self.is_last = False
        self.guarded = self._guarded()

    def _guarded(self) -> set[str]:
        """Return the names whose text is looked at before something is done with it."""
        found = set()
        for at, token in enumerate(self.tokens):
            if token.kind == NAME and token.text in _GUARDS and self.structure.is_name(at - 2):
                found.add(self.tokens[at - 2].text)
            elif (
                token.kind == NAME and token.text in _GUARDED_BY and self.structure.is_name(at + 2)
            ):
                found.add(self.tokens[at + 2].text)
        return found

    def note(self, sink: str, into: str, value: Value, at: int) -> None:
        """Note that a value reaches a place, in the last reading."""
        if not self.is_last or not value.origins or len(self.flows) >= _MOST:
            return
        place = self.place(self.tokens[at].start)
        known = self.flows.get((sink, place.line))
        origins = value.origins if known is None else (*known.origins, *value.origins)
        built = value.built or (known is not None and known.built)
        self.flows[sink, place.line] = Flow(sink, into, tuple(dict.fromkeys(origins)), built, place)

    def path_before(self, at: int) -> list[str]:
        """Return the names of the path that ends before a token; "?" for what is no name."""
        structure = self.structure
        path: list[str] = []
        at -= 1
        while structure.is_name(at) and len(path) < 12:
            path.append(self.tokens[at].text)
            if structure.text(at - 1) not in (".", "?."):
                return path[::-1]
            at -= 2
        if path:
            path.append("?")
        return path[::-1]

    def call(self, at: int) -> None:
        """Read the call whose bracket stands at ``at``: what it is given, and what that becomes."""
        path = self.path_before(at)
        if not path:
            return
        arguments = list(self.structure.arguments(at))
        number = self.structure.by_name.get(path[-1], -1)
        if number >= 0:
            for index, each in enumerate(arguments[:20]):
                if self.structure.starting.get(each[0]) is None:
                    self.give(number, index, self.value(*each))
        if arguments:
            self._becomes(path, arguments, at - 1)
            self._callbacks(path, arguments, at)

    def _becomes(self, path: list[str], arguments: list[tuple[int, int]], at: int) -> None:
        last, two = path[-1], ".".join(path[-2:])
        if last in words.MARKUP_CALLS and len(path) > 1:
            self._markup(path, arguments, at)
        elif two in ("$", "jQuery") or (last in words.MARKUP_IF_BUILT and len(path) > 1):
            for each in arguments[: 1 if len(path) == 1 else 4]:
                value = self.value(*each)
                if value.built:
                    self.note("markup", f"{last}()", value, at)
        elif last in words.CODE_CALLS:
            self._code(path, arguments, at)
        elif two in ("open", "window.open", "location.assign", "location.replace"):
            self.goes(self.value(*arguments[0]), arguments[0][0], at, last)
        else:
            self._of_library(path, arguments)

    def _of_library(self, path: list[str], arguments: list[tuple[int, int]]) -> None:
        two = ".".join(path[-2:])
        if path[-2:-1] == ["toastr"]:
            for each in arguments[:2]:
                self.note("markup", "toastr", self.value(*each), each[0])
        elif path[-1] in ("popover", "tooltip"):
            self._popover(arguments[0])
        elif two in words.MARKUP_OPTIONS:
            self._options(two, arguments[0])

    def _markup(self, path: list[str], arguments: list[tuple[int, int]], at: int) -> None:
        last = path[-1]
        if last in ("write", "writeln") and not path[-2].lower().endswith(("document", "doc")):
            return
        if last == "parseHTML" and path[-2] not in ("$", "jQuery"):
            return
        index = 1 if last == "insertAdjacentHTML" else 0
        if index < len(arguments):
            self.note("markup", f"{last}()", self._shown(arguments[index]), at)

    def _shown(self, argument: tuple[int, int]) -> Value:
        """Return an argument's value, of a function what it returns."""
        number = self.structure.starting.get(argument[0])
        return self.value(*argument) if number is None else self.returned(number, [])

    def _code(self, path: list[str], arguments: list[tuple[int, int]], at: int) -> None:
        last = path[-1]
        if path[:-1] not in ([], ["window"], ["$"], ["jQuery"], ["globalThis"]):
            return
        given = arguments if last == "Function" else arguments[:1]
        for each in given:
            if self.structure.starting.get(each[0]) is None:
                value = self.value(*each)
                if last.startswith("set"):
                    # A function that was handed on has no text of anybody's.
                    kinds = {origin.kind for origin in value.origins}
                    if kinds <= {"parameter", "answer"} and each[1] - each[0] == 1:
                        continue
                self.note("code", last, value, at)

    def goes(self, value: Value, first: int, at: int, into: str) -> None:
        """Note where the page goes, if data says so from the first character on."""
        if self.structure.text(first) in self.guarded:
            return
        origins = tuple(
            each
            for each in value.begins
            if each.kind == "message" or (each.kind == "address" and each.name in ("query", "hash"))
        )
        self.note("address", into, value._replace(origins=origins), at)

    def _popover(self, argument: tuple[int, int]) -> None:
        options = dict(self._pairs(argument))
        html = options.get("html")
        if html is None or self.structure.text(html[0]) != "true":
            return
        for name in ("content", "title", "template"):
            if name in options:
                self.note(
                    "markup", f"a popover's {name}", self._shown(options[name]), options[name][0]
                )

    def _options(self, name: str, argument: tuple[int, int]) -> None:
        for key, each in self._pairs(argument):
            if key in words.MARKUP_OPTIONS[name]:
                self.note("markup", f"{name}'s {key}", self.value(*each), each[0])

    def _pairs(self, argument: tuple[int, int]) -> list[tuple[str, tuple[int, int]]]:
        """Return the names and values of an object that is written as an argument."""
        structure = self.structure
        first = argument[0]
        if structure.text(first) != "{" or structure.pair[first] < first:
            return []
        return [
            (self.tokens[start].text.strip("\"'"), (start + 2, end))
            for start, end in structure.arguments(first)
            if structure.text(start + 1) == ":" and start + 2 < end
        ]

    # Functions that are given data

    def _callbacks(self, path: list[str], arguments: list[tuple[int, int]], at: int) -> None:
        last, dotted = path[-1], ".".join(path)
        if words.ANSWERING.fullmatch(dotted):
            answer = Value((Origin("answer"),))
            for each in arguments[:5]:
                number = self.function_at(*each)
                if number >= 0:
                    self.give(number, 0, answer)
                for key, option in self._pairs(each):
                    number = self.function_at(*option)
                    if number >= 0 and key in _ANSWERED:
                        self.give(number, 0, answer)
        elif last == "each" and path[0] in ("$", "jQuery") and len(arguments) > 1:
            number = self.function_at(*arguments[1])
            if number >= 0:
                value = self.value(*arguments[0])
                self.give(number, 1, value)
                if value.origins:
                    self.known[number + 1]["this"] = value
        elif (last in words.EACH or last in words.THEN) and self._has_function(arguments[0]):
            # The chain before it is read for what it gives on.
            self.value(self._chain_start(at), self.structure.pair[at] + 1)
        elif (
            last in ("addEventListener", "on")
            and len(arguments) > 1
            and self._first_string(at) == "message"
        ):
            number = self.function_at(*arguments[-1])
            if number >= 0:
                self.listens(number, path[:-1])

    def _has_function(self, argument: tuple[int, int]) -> bool:
        return self.function_at(*argument) >= 0

    def _chain_start(self, at: int) -> int:
        """Return the first token of the chain that is called by the bracket ``at``."""
        structure = self.structure
        start = at - 1
        for _ in range(40):
            if structure.text(start - 1) not in (".", "?."):
                break
            start -= 2
            while structure.text(start) in (")", "]") and 0 <= structure.pair[start] < start:
                opening = structure.pair[start]
                if not structure.is_name(opening - 1) and structure.text(opening - 1) not in (
                    ")",
                    "]",
                ):
                    return opening
                start = opening - 1
        return start

    def listens(self, number: int, of: list[str]) -> None:
        """Read a function that gets messages: of another window, or of a server's socket."""
        function = self.structure.functions[number]
        if of in ([], ["window"], ["self"], ["globalThis"]) or of[:1] == ["?"]:
            if any(
                self.structure.text(at) == "origin" for at in range(function.body, function.end)
            ):
                return
            self.give(number, 0, Value((Origin("message"),)), "data")
        else:
            self.give(number, 0, Value((Origin("answer"),)), "data")

    def cells(self, number: int, name: str) -> None:
        """Read a function by which a library asks what to show, as markup."""
        function = self.structure.functions[number]
        for index in range(min(3, len(function.parameters))):
            self.give(number, index, Value((Origin("cell"),)))
        before, self.current = self.current, number
        for first, last in function.returns[:20]:
            value = self.value(first, last)
            if value.built:
                self.note("markup", name, value, first)
        self.current = before

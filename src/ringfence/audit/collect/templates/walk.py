"""One way through a template, in the order of its text, with the page's state carried along.

Of a tag with branches each is read from where the tag begins, and the way goes on from where the
first of them ends (as the escaping ring's ``explain`` has it). Tags need not be known: one that
has an end tag holds what is between them, any other stands for something that is rendered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence

from ringfence.audit.collect.templates import contexts, tags
from ringfence.audit.collect.templates.elements import Span
from ringfence.audit.collect.templates.expressions import (
    arguments,
    brings_data,
    django_filters,
    is_escaped,
    is_literal,
    jinja_filters,
    words,
)
from ringfence.audit.collect.templates.lexer import BLOCK, TEXT, VARIABLE, Token
from ringfence.audit.collect.templates.tags import Frame
from ringfence.audit.model import Place, TemplateVariable

__all__ = ["Walk"]


class Walk:
    """What a template's variables stand in, and what it names.

    ``opens`` and ``blocks`` are texts that lead to where the template, or a block of it, stands in
    another one: "" and nothing for a template of its own.
    """

    def __init__(
        self,
        path: str,
        *,
        jinja: bool,
        place: Callable[[int, str], Place],
        spans: Sequence[Span],
        opens: str = "",
        blocks: Mapping[str, str] | None = None,
    ) -> None:
        self.jinja = jinja
        self.place = place
        self.spans = spans
        self.starts = [span.start for span in spans]
        self.filled = blocks or {}
        self.start = contexts.start_for(path)
        self.state = contexts.start_for(path, opens)
        self.plain = contexts.is_plain(self.start)
        self.filters = jinja_filters if jinja else django_filters
        self.autoescape = True
        self.since = 0
        self.scope = ""
        self.frames: list[Frame] = []
        self.variables: list[TemplateVariable] = []
        self.extends: list[str] = []
        #: Offsets and names; "?" where the name is chosen when it is rendered.
        self.includes: list[tuple[int, str]] = []
        #: Offsets and scopes of CSRF tokens.
        self.tokens: list[tuple[int, str]] = []
        self.blocks: dict[str, str] = {}
        self.block_offsets: list[tuple[int, str]] = []
        self.opens: dict[str, str] = {}

    def go(self, tokens: Sequence[Token]) -> None:
        """Read all tokens."""
        names = {token.name for token in tokens if token.kind == BLOCK}
        last = tokens[-1].start if tokens else 0
        for token in tokens:
            if token.kind == TEXT:
                if "csrfmiddlewaretoken" in token.text:
                    at = token.start + token.text.index("csrfmiddlewaretoken")
                    self.tokens.append((at, self.scope))
                if token.start != last and self.live and not self.plain:
                    self.state = contexts.read(self.state, token.text)
            elif token.kind == VARIABLE:
                self.variable(token)
            elif token.kind == BLOCK:
                self.tag(token, names)

    @property
    def live(self) -> bool:
        """Whether what stands here is rendered: of a child only its blocks and its macros are."""
        if not self.extends or self.scope:
            return True
        return any(frame.name == "macro" for frame in self.frames)

    # Variables

    def variable(self, token: Token) -> None:
        """Note a ``{{ variable }}``, and go on behind it."""
        base, filters = self.filters(token.text)
        if self.jinja and tags.MARKS.match(base):
            filters = (*filters, "safe")
        lowered = base.lower()
        if "csrf" in lowered or "form_token" in lowered:
            self.tokens.append((token.start, self.scope))
        if self.plain or not self.live or not base:
            return
        if is_literal(base):
            if filters and brings_data(token.text):
                self.add(token.text, filters, token)
        elif base not in ("block.super", "super()", "csrf_token"):
            self.add(base, filters, token)
        self.state = contexts.after_variable(self.state)

    def add(self, base: str, filters: tuple[str, ...], token: Token, tag: str = "") -> None:
        """Note a variable where the way has come to, unless nothing can be wrong with it."""
        state = self.state
        language = contexts.language_of(state)
        escaped = is_escaped(filters, autoescape=self.autoescape)
        if escaped and not tag and (language in tags.HARMLESS or self.is_harmless_url(language)):
            return
        element, attribute = self.attribute_at(token.start)
        self.variables.append(
            TemplateVariable(
                base,
                filters,
                state.context,
                language,
                escaped,
                self.place(token.start, self.scope),
                tag,
                element,
                attribute,
                self.since,
            )
        )

    def is_harmless_url(self, language: str) -> bool:
        """Whether what stands here cannot choose where the URL leads."""
        return language == "url" and self.state.context.startswith(tags.BEHIND_HOST)

    def attribute_at(self, offset: int) -> tuple[str, str]:
        """Return the element and the attribute whose value the offset stands in."""
        index = bisect_right(self.starts, offset) - 1
        if index >= 0:
            span = self.spans[index]
            if offset < span.end:
                return span.element, span.attribute
        return "", ""

    # Tags

    def tag(self, token: Token, names: set[str]) -> None:
        """Read a tag: its arguments, then what it does to the way."""
        name = token.name
        if name.startswith("end") and len(name) > 3:
            self.end(name[3:])
        elif name in tags.BETWEEN and self.frames:
            self.between(self.frames[-1])
        elif name == "extends":
            self.extends.extend(self.named(token.text) or ["?"])
        elif name in ("include", "import", "from"):
            self.include(token)
        elif name == "csrf_token":
            self.tokens.append((token.start, self.scope))
        else:
            if tags.SAFE_WORD.search(token.text):
                self.safe_arguments(token)
            if "end" + name in names and not (name == "set" and "=" in token.text):
                self.begin(token)
            elif not self.renders_nothing(token):
                if tags.MAY_HOLD_TOKEN.search(token.text) and not tags.HOLDS_NONE.match(name):
                    self.includes.append((token.start, "%" + name))
                if not self.plain and self.live:
                    self.state = contexts.after_variable(self.state)
        if name == "debug":
            self.add("debug", (), token, "debug")

    def renders_nothing(self, token: Token) -> bool:
        """Whether a tag without an end writes nothing here."""
        if token.name in tags.RENDER_NOTHING:
            return True
        found = words(token.text)
        return len(found) > 2 and found[-2] == "as"

    def begin(self, token: Token) -> None:
        """Open a tag that has an end."""
        name = token.name
        self.frames.append(Frame(name, self.state, self.autoescape, self.since, self.scope))
        if name == "block":
            self.block(token)
        elif name == "autoescape":
            off = token.text.split()[-1] in tags.OFF
            if off != (not self.autoescape):
                self.since = self.place(token.start, "").line if off else 0
            self.autoescape = not off
        elif name in tags.APART or (name.startswith("blocktrans") and " asvar " in token.text):
            self.state = self.start
            if name == "filter" and is_escaped(
                self.filters("x|" + token.text[6:].strip())[1], autoescape=False
            ):
                self.autoescape = True

    def block(self, token: Token) -> None:
        """Open a block: a child's begins where the parent has it."""
        parts = token.text.split()
        name = parts[1] if len(parts) > 1 else "?"
        self.block_offsets.append((token.start, name))
        if self.extends and not self.scope:
            opens = self.filled.get(name, "")
            self.state = self.start.feed(opens) if opens and not self.plain else self.start
            self.blocks.setdefault(name, "")
        else:
            self.blocks.setdefault(name, contexts.opened_by(self.state))
        self.scope = name

    def between(self, frame: Frame) -> None:
        """Begin another branch of the innermost tag."""
        if frame.name in tags.BRANCHING:
            if frame.first is None:
                frame.first = self.state
            self.state = frame.before

    def end(self, name: str) -> None:
        """Close the innermost tag of that name, and all that was left open in it."""
        for index in range(len(self.frames) - 1, max(-1, len(self.frames) - tags.DEEPEST), -1):
            if self.frames[index].name == name:
                frame = self.frames[index]
                del self.frames[index:]
                break
        else:
            return
        self.autoescape, self.since, self.scope = frame.autoescape, frame.since, frame.scope
        if frame.first is not None:
            self.state = frame.first
        elif name in tags.APART:
            self.state = frame.before
            if name in ("filter", "call") and not self.plain:
                self.state = contexts.after_variable(self.state)

    def include(self, token: Token) -> None:
        """Note what is included, and where it stands."""
        if "|" in token.text and tags.SAFE_WORD.search(token.text):
            self.safe_arguments(token)
        text = token.text.partition(" with ")[0]
        for name in self.named(text) or ["?"]:
            self.includes.append((token.start, name))
            if token.name == "include" and not self.plain and self.live:
                opens = contexts.opened_by(self.state)
                if opens:
                    self.opens.setdefault(name, opens)
        if token.name == "include" and not self.plain and self.live:
            self.state = contexts.after_variable(self.state)

    @staticmethod
    def named(text: str) -> list[str]:
        """Return the constants of a tag that names templates."""
        return tags.QUOTED_NAME.findall(text)

    def safe_arguments(self, token: Token) -> None:
        """Note what a tag is given that is marked as safe, or marks itself."""
        if self.plain:
            return
        name = token.name
        if name in ("if", "elif", "for", "url", "filter"):
            return
        if self.jinja:
            _, equals, value = token.text.partition("=")
            pairs = [("", value if equals else token.text.partition(" ")[2])]
        else:
            pairs = list(arguments(token.text))[1:]
        for _, argument in pairs:
            base, filters = self.filters(argument)
            if "safe" in filters and not is_literal(base):
                self.add(base, filters, token, name)

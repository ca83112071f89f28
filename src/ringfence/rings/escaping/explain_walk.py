"""The walk over a compiled template: in rendering order, with the state of the page.

What each kind of tag renders is told in ``explain_tags``; here are the templates, the literal text
between the tags and the values in them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.template import Context, TemplateDoesNotExist, base, loader_tags

from ringfence.rings.escaping.escapers import escaper_of
from ringfence.rings.escaping.explain_grants import Row, Telling
from ringfence.rings.escaping.language import Language, Refused, Value
from ringfence.rings.escaping.place import Place, place_of
from ringfence.rings.escaping.trust import SiteTrust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.rings.escaping.policy import EscapingPolicy
    from ringfence.rings.escaping.variable import Variable

__all__ = ["DEEPEST", "Walk", "constant", "line_of", "name_of", "tag_of"]

#: Harmless values, the first that a place takes goes on.
_SAMPLES = ("x", "1", "/x", "span", "data-x")
DEEPEST = 40
_VOUCHING = frozenset(("safe", "safe_html", "sanitize", "safeseq"))


class Walk(Telling, ABC):
    """Where the walk is: the template, the block, the state of the page."""

    def __init__(self, engine: Any, policy: EscapingPolicy, place: Place) -> None:
        super().__init__(policy)
        self.engine = engine
        self.trust = SiteTrust(None, policy)
        self.place = place
        self.autoescape = engine.autoescape
        self.depth = 0
        self.blocks: dict[str, list[Any]] = {}
        #: The block that is being walked, and how many of its overrides were passed.
        self.block: tuple[str, int] = ("", 0)

    # Templates

    def template(self, template: Any) -> None:
        """Walk a template with its parents, or a part of one."""
        if self.depth > DEEPEST:
            self.note(0, name_of(template), "nested deeper than is followed here")
            return
        outer = self.name, self.blocks, self.block
        self.name, self.blocks, self.block = name_of(template), {}, ("", 0)
        self.depth += 1
        try:
            self.nodes(self.root(template))
        finally:
            self.name, self.blocks, self.block = outer
            self.depth -= 1

    def root(self, template: Any) -> Any:
        """Return the nodes that are rendered: those of the outermost parent."""
        seen = 0
        while True:
            nodelist = template.nodelist
            for block in _blocks_of(nodelist):
                self.blocks.setdefault(block.name, []).append(block)
            extends = next(
                (node for node in nodelist if isinstance(node, loader_tags.ExtendsNode)), None
            )
            seen += 1
            if extends is None or seen > DEEPEST:
                return nodelist
            parent = constant(extends.parent_name)
            if parent is None:
                self.note_of(extends, "the parent is chosen when it is rendered: not followed")
                return nodelist
            template = parent if hasattr(parent, "nodelist") else self.engine.get_template(parent)

    def follow(self, node: Any, named: Any) -> None:
        """Walk another template in the middle of this one."""
        template = named if hasattr(named, "nodelist") else getattr(named, "template", None)
        if template is None:
            names = [named] if isinstance(named, str) else list(named)
            try:
                template = self.engine.select_template(names)
            except TemplateDoesNotExist:
                self.note_of(node, f"there is no template {' or '.join(map(str, names))}")
                return
        self.template(template)

    @contextmanager
    def within(self, name: str, index: int) -> Iterator[None]:
        """Walk inside the ``index``-th override of a block."""
        outer, self.block = self.block, (name, index)
        found = self.blocks.get(name, ())
        origin = getattr(found[index], "origin", None) if index < len(found) else None
        outer_name = self.name
        self.name = str(getattr(origin, "template_name", None) or self.name)
        try:
            yield
        finally:
            self.block, self.name = outer, outer_name

    # What templates are made of

    def nodes(self, nodelist: Iterable[Any]) -> None:
        """Walk nodes one after the other."""
        for node in nodelist:
            self.node(node)

    def node(self, node: Any) -> None:
        """Walk one node, and leave the walk where it ends."""
        name = getattr(getattr(node, "origin", None), "template_name", None)
        outer, self.name = self.name, str(name) if name else self.name
        try:
            self.walk(node)
        finally:
            self.name = outer

    @abstractmethod
    def walk(self, node: Any) -> None:
        """Walk one node, whose template is known."""

    def literal(self, text: str, line: int) -> None:
        """Go on over a developer's text that begins at ``line``."""
        step = self.place.step(text)
        self.place = step.place
        done = 0
        for part in step.parts or ():
            if isinstance(part, str):
                done += len(part)
            else:
                self.effect(part, text, done, line)

    def value(self, source: str, line: int, variable: Variable) -> None:
        """Tell what becomes of a value here, and go on behind it."""
        place = self.place
        if place.looks_ahead:
            place = variable.ahead(place)
        state = place.state
        vouched = not self.autoescape or bool(_VOUCHING.intersection(variable.filters))
        how, fix, after = self.written(state, variable.filters, vouched=vouched)
        self.add(Row("variable", self.name, line, source, state.context, how, fix))
        self.place = place_of(after)
        self.data = True

    def written(
        self, state: Language, filters: tuple[str, ...], *, vouched: bool
    ) -> tuple[str, str, Language]:
        """Return how a value is written in ``state``, the fix if it is not, and what follows."""
        refusal: Refused | None = None
        for sample in _SAMPLES:
            try:
                _, after = state.write(Value(sample, sample, vouched, filters), self.trust)
            except Refused as refused:
                refusal = refusal or refused
                if refused.by_place:
                    break
            else:
                return escaper_of(state, vouched=vouched), "", after
        assert refusal is not None
        after = state.feed(refusal.placeholder)
        if refusal.by_place:
            return f"refused: {refusal.reason}", refusal.fix, after
        return escaper_of(state, vouched=vouched), "", after

    def note_of(self, node: Any, how: str) -> None:
        """Add something that is worth knowing of a tag."""
        self.note(line_of(node), tag_of(node), how)


def name_of(template: Any) -> str:
    """Return the name that a template was found by."""
    origin = template.origin
    return str(getattr(origin, "template_name", None) or template.name or "")


def _blocks_of(nodelist: Any) -> Iterable[Any]:
    found: Iterable[Any] = nodelist.get_nodes_by_type(loader_tags.BlockNode)
    return found


def constant(expression: Any) -> Any:
    """Return what an expression says by itself, None for one that asks a variable."""
    if isinstance(expression.var, base.Variable) or expression.filters:
        return None
    return expression.resolve(Context())


def line_of(node: Any) -> int:
    """Return the line that a tag or a variable stands in, 0 where it is not known."""
    return int(getattr(getattr(node, "token", None), "lineno", 0) or 0)


def tag_of(node: Any) -> str:
    """Return a tag as it was written."""
    return f"{{% {getattr(getattr(node, 'token', None), 'contents', type(node).__name__)} %}}"

"""What becomes of each variable of a template, found without rendering it.

The compiled template is walked in the order in which it is rendered, the state of the page with
it. Values are not known, so a sample stands for each; of a tag with branches all are walked from
where the tag begins, and the walk goes on from where the first of them ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.template import Context, TemplateDoesNotExist, base, defaulttags, library, loader_tags
from django.templatetags import cache, i18n, l10n, static, tz

from ringfence.rings.escaping.escapers import escaper_of
from ringfence.rings.escaping.explain_grants import Row, Telling
from ringfence.rings.escaping.language import Language, Refused, Value
from ringfence.rings.escaping.nodes import TextNode, VariableNode
from ringfence.rings.escaping.place import Place, place_of, start_of
from ringfence.rings.escaping.source import filter_names
from ringfence.rings.escaping.trust import SiteTrust
from ringfence.rings.escaping.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.rings.escaping.policy import EscapingPolicy

__all__ = ["Row", "explain"]

#: Harmless values, the first that a place takes goes on.
_SAMPLES = ("x", "1", "/x", "span", "data-x")
_DEEPEST = 40
_VOUCHING = frozenset(("safe", "safe_html", "sanitize", "safeseq"))


def explain(template: Any, policy: EscapingPolicy) -> list[Row]:
    """Return what becomes of ``template``, a compiled one of ringfence's engine, in order.

    :raises TemplateDoesNotExist: for a parent that there is none of.
    """
    walk = _Walk(template.engine, policy, start_of(_name_of(template)))
    walk.template(template)
    return list(dict.fromkeys(walk.rows))


def _name_of(template: Any) -> str:
    origin = template.origin
    return str(getattr(origin, "template_name", None) or template.name or "")


class _Walk(Telling):
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
        if self.depth > _DEEPEST:
            self.note(0, _name_of(template), "nested deeper than is followed here")
            return
        outer = self.name, self.blocks, self.block
        self.name, self.blocks, self.block = _name_of(template), {}, ("", 0)
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
            if extends is None or seen > _DEEPEST:
                return nodelist
            parent = _constant(extends.parent_name)
            if parent is None:
                self.note_of(extends, "the parent is chosen when it is rendered: not followed")
                return nodelist
            template = parent if hasattr(parent, "nodelist") else self.engine.get_template(parent)

    # Nodes

    def nodes(self, nodelist: Iterable[Any]) -> None:
        """Walk nodes one after the other."""
        for node in nodelist:
            self.node(node)

    def node(self, node: Any) -> None:
        """Walk one node, and leave the walk where it ends."""
        name = getattr(getattr(node, "origin", None), "template_name", None)
        outer, self.name = self.name, str(name) if name else self.name
        try:
            for kind, walk in _WALKS:
                if isinstance(node, kind):
                    walk(self, node)
                    return
            self.other(node)
        finally:
            self.name = outer

    def text(self, node: Any) -> None:
        """Go on over literal text, and tell what it is granted."""
        self.literal(node.s, _line(node))

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

    def variable(self, node: Any) -> None:
        """Tell what becomes of a variable, or go on into the parent's block."""
        if node.is_super:
            name, index = self.block
            overridden = self.blocks.get(name, ())[index + 1 :]
            if overridden:
                with self.within(name, index + 1):
                    self.nodes(overridden[0].nodelist)
            return
        self.value(f"{{{{ {node.token.contents} }}}}", _line(node), node.variable)

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

    def value_tag(self, node: Any) -> None:
        """Tell what becomes of a tag that renders one value."""
        stores = (
            getattr(node, "asvar", None)
            or getattr(node, "varname", None)
            or getattr(node, "target_var", None)
            or getattr(node, "silent", False)
        )
        children = getattr(node, "nodelist", None)
        if children is not None:
            before = self.place
            self.nodes(children)
            self.place = before
        if not stores:
            self.value(_tag(node), _line(node), _variable_of(node))

    def branches(self, node: Any, nodelists: Iterable[Any]) -> None:
        """Walk each of several nodelists, only one of which will be rendered."""
        before = self.place
        ends = []
        form, forms = self.form, []
        for nodelist in nodelists:
            self.place, self.form = before, form
            self.nodes(nodelist)
            ends.append(self.place)
            forms.append(self.form)
        self.place = ends[0] if ends else before
        self.form = forms[0] if forms else form
        if any(end.state != self.place.state for end in ends[1:]):
            self.note_of(
                node,
                "its branches end in different contexts: what follows is told for the first one; "
                "rendered, it is escaped for the branch that was taken",
            )

    def if_(self, node: Any) -> None:
        """Walk the branches of ``{% if %}``."""
        nodelists = [nodelist for _, nodelist in node.conditions_nodelists]
        has_else = node.conditions_nodelists[-1][0] is None
        self.branches(node, nodelists if has_else else [*nodelists, ()])

    def for_(self, node: Any) -> None:
        """Walk a loop's body once, and what stands for an empty one."""
        self.branches(node, [node.nodelist_loop, node.nodelist_empty or ()])

    def ifchanged(self, node: Any) -> None:
        """Walk the branches of ``{% ifchanged %}``."""
        self.branches(node, [node.nodelist_true, node.nodelist_false or ()])

    def autoescaping(self, node: Any) -> None:
        """Walk what stands in ``{% autoescape %}``."""
        outer, self.autoescape = self.autoescape, node.setting
        try:
            self.nodes(node.nodelist)
        finally:
            self.autoescape = outer

    def block_tag(self, node: Any) -> None:
        """Walk the block that stands in for this one."""
        found = self.blocks.get(node.name)
        if not found:
            self.nodes(node.nodelist)
            return
        with self.within(node.name, 0):
            self.nodes(found[0].nodelist)

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

    def include(self, node: Any) -> None:
        """Walk an included template whose name stands in the text."""
        named = _constant(node.template)
        if named is None:
            self.note_of(node, "what is included is chosen when it is rendered: not followed")
            return
        self.follow(node, named)

    def inclusion(self, node: Any) -> None:
        """Walk the template of an inclusion tag."""
        self.follow(node, node.filename)

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

    def partial(self, node: Any) -> None:
        """Walk a part that stands elsewhere in the template."""
        found = node.partial_mapping.get(node.partial_name)
        if found is None or self.depth > _DEEPEST:
            self.note_of(node, "there is no such partial")
            return
        self.depth += 1
        self.nodes(found.nodelist)
        self.depth -= 1

    def partial_definition(self, node: Any) -> None:
        """Walk a part where it stands, if it is rendered there."""
        if node.inline:
            self.nodes(node.nodelist)

    def filtered(self, node: Any) -> None:
        """Walk what goes through filters, then what they return."""
        before = self.place
        if not before.plain:
            self.place = start_of(None)
        self.nodes(node.nodelist)
        self.place = before
        variable = _variable_of(node)
        variable.filters = filter_names(node.filter_expr)
        outer, self.autoescape = self.autoescape, False
        self.value(_tag(node), _line(node), variable)
        self.autoescape = outer

    def sentence(self, node: Any) -> None:
        """Walk a translated sentence with variables in it, as it stands in the template."""
        if node.asvar:
            return
        for token in node.singular:
            if token.token_type == base.TokenType.VAR:
                source = f"{{{{ {token.contents} }}}}"
                self.value(source, token.lineno or _line(node), Variable(token.contents))
            else:
                self.place = place_of(self.place.state.feed(token.contents))

    def csrf_token(self, node: Any) -> None:
        """Note that the open form has its token."""
        self.form = None
        self.add(Row("grant", self.name, _line(node), _tag(node), "", "the form's own CSRF token"))

    def verbatim(self, node: Any) -> None:
        """Go on over text that is not read as a template."""
        self.literal(str(node.content), _line(node))

    def character(self, node: Any) -> None:
        """Go on over what ``{% templatetag %}`` writes."""
        self.literal(node.mapping.get(node.tagtype, ""), _line(node))

    def children(self, node: Any) -> None:
        """Walk all that a tag holds."""
        for name in node.child_nodelists:
            self.nodes(getattr(node, name, None) or ())

    def other(self, node: Any) -> None:
        """Walk what a tag that is not known holds; one without children renders something."""
        nodelists = [getattr(node, name, None) for name in node.child_nodelists]
        if any(nodelists):
            self.children(node)
            self.note_of(
                node,
                "a tag of its own making: what it returns is read as markup that is vouched for "
                "where it differs from what it holds",
            )
        elif not isinstance(node, _SILENT):
            outer, self.autoescape = self.autoescape, False
            self.value_tag(node)
            self.autoescape = outer

    def note_of(self, node: Any, how: str) -> None:
        """Add something that is worth knowing of a tag."""
        self.note(_line(node), _tag(node), how)


#: Tags that render nothing.
_SILENT = (
    defaulttags.CommentNode,
    defaulttags.LoadNode,
    defaulttags.RegroupNode,
    defaulttags.ResetCycleNode,
    i18n.GetAvailableLanguagesNode,
    i18n.GetCurrentLanguageBidiNode,
    i18n.GetCurrentLanguageNode,
    i18n.GetLanguageInfoListNode,
    i18n.GetLanguageInfoNode,
    tz.GetCurrentTimezoneNode,
)


def _blocks_of(nodelist: Any) -> Iterable[Any]:
    found: Iterable[Any] = nodelist.get_nodes_by_type(loader_tags.BlockNode)
    return found


def _constant(expression: Any) -> Any:
    """Return what an expression says by itself, None for one that asks a variable."""
    if isinstance(expression.var, base.Variable) or expression.filters:
        return None
    return expression.resolve(Context())


def _line(node: Any) -> int:
    return int(getattr(getattr(node, "token", None), "lineno", 0) or 0)


def _tag(node: Any) -> str:
    return f"{{% {getattr(getattr(node, 'token', None), 'contents', type(node).__name__)} %}}"


def _variable_of(node: Any) -> Variable:
    known = getattr(node, "ringfence_variable", None)
    if known is None:
        # A tag that is watched from outside: what watches it knows.
        known = next(
            (
                each
                for each in getattr(node.__dict__.get("render_annotated"), "args", ())
                if isinstance(each, Variable)
            ),
            None,
        )
    if known is None:
        return Variable(_tag(node))
    return Variable(known.text, known.template, known.line, known.filters, known.following)


_Walker = Callable[[_Walk, Any], None]
_WALKS: tuple[tuple[Any, _Walker], ...] = (
    (TextNode, _Walk.text),
    (VariableNode, _Walk.variable),
    (defaulttags.IfNode, _Walk.if_),
    (defaulttags.ForNode, _Walk.for_),
    (defaulttags.IfChangedNode, _Walk.ifchanged),
    (defaulttags.AutoEscapeControlNode, _Walk.autoescaping),
    (loader_tags.BlockNode, _Walk.block_tag),
    (loader_tags.ExtendsNode, _Walk.children),
    (loader_tags.IncludeNode, _Walk.include),
    (library.InclusionNode, _Walk.inclusion),
    (defaulttags.FilterNode, _Walk.filtered),
    (defaulttags.CsrfTokenNode, _Walk.csrf_token),
    (defaulttags.VerbatimNode, _Walk.verbatim),
    (defaulttags.TemplateTagNode, _Walk.character),
    (i18n.BlockTranslateNode, _Walk.sentence),
    (
        (
            i18n.TranslateNode,
            defaulttags.URLNode,
            defaulttags.FirstOfNode,
            defaulttags.CycleNode,
            defaulttags.NowNode,
            defaulttags.WidthRatioNode,
            library.SimpleNode,
            static.StaticNode,
            static.PrefixNode,
        ),
        _Walk.value_tag,
    ),
    (
        (
            defaulttags.WithNode,
            defaulttags.SpacelessNode,
            cache.CacheNode,
            i18n.LanguageNode,
            l10n.LocalizeNode,
            tz.LocalTimeNode,
            tz.TimezoneNode,
        ),
        _Walk.children,
    ),
    *(
        (getattr(defaulttags, name), walk)
        for name, walk in (
            ("PartialNode", _Walk.partial),
            ("PartialDefNode", _Walk.partial_definition),
        )
        if hasattr(defaulttags, name)
    ),
)

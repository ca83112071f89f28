"""What each kind of tag renders, as far as it is known without rendering it.

Of a tag with branches all are walked from where the tag begins, and the walk goes on from where
the first of them ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.template import base, defaulttags, library, loader_tags
from django.templatetags import cache, i18n, l10n, static, tz

from ringfence.rings.escaping.explain_grants import Row
from ringfence.rings.escaping.explain_walk import DEEPEST, Walk, constant, line_of, tag_of
from ringfence.rings.escaping.nodes import TextNode, VariableNode
from ringfence.rings.escaping.place import place_of, start_of
from ringfence.rings.escaping.source import filter_names
from ringfence.rings.escaping.variable import Variable

__all__ = ["TagWalk"]


class TagWalk(Walk):
    """A walk that knows Django's tags."""

    def walk(self, node: Any) -> None:
        """Walk one node, and leave the walk where it ends."""
        for kind, walk in _WALKS:
            if isinstance(node, kind):
                walk(self, node)
                return
        self.other(node)

    def text(self, node: Any) -> None:
        """Go on over literal text, and tell what it is granted."""
        self.literal(node.s, line_of(node))

    def variable(self, node: Any) -> None:
        """Tell what becomes of a variable, or go on into the parent's block."""
        if node.is_super:
            name, index = self.block
            overridden = self.blocks.get(name, ())[index + 1 :]
            if overridden:
                with self.within(name, index + 1):
                    self.nodes(overridden[0].nodelist)
            return
        self.value(f"{{{{ {node.token.contents} }}}}", line_of(node), node.variable)

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
            self.value(tag_of(node), line_of(node), _variable_of(node))

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

    def include(self, node: Any) -> None:
        """Walk an included template whose name stands in the text."""
        named = constant(node.template)
        if named is None:
            self.note_of(node, "what is included is chosen when it is rendered: not followed")
            return
        self.follow(node, named)

    def inclusion(self, node: Any) -> None:
        """Walk the template of an inclusion tag."""
        self.follow(node, node.filename)

    def partial(self, node: Any) -> None:
        """Walk a part that stands elsewhere in the template."""
        found = node.partial_mapping.get(node.partial_name)
        if found is None or self.depth > DEEPEST:
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
        self.value(tag_of(node), line_of(node), variable)
        self.autoescape = outer

    def sentence(self, node: Any) -> None:
        """Walk a translated sentence with variables in it, as it stands in the template."""
        if node.asvar:
            return
        for token in node.singular:
            if token.token_type == base.TokenType.VAR:
                source = f"{{{{ {token.contents} }}}}"
                self.value(source, token.lineno or line_of(node), Variable(token.contents))
            else:
                self.place = place_of(self.place.state.feed(token.contents))

    def csrf_token(self, node: Any) -> None:
        """Note that the open form has its token."""
        self.form = None
        line, how = line_of(node), "the form's own CSRF token"
        self.add(Row("grant", self.name, line, tag_of(node), "", how))

    def verbatim(self, node: Any) -> None:
        """Go on over text that is not read as a template."""
        self.literal(str(node.content), line_of(node))

    def character(self, node: Any) -> None:
        """Go on over what ``{% templatetag %}`` writes."""
        self.literal(node.mapping.get(node.tagtype, ""), line_of(node))

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
        return Variable(tag_of(node))
    return Variable(known.text, known.template, known.line, known.filters, known.following)


_Walker = Callable[[TagWalk, Any], None]
_WALKS: tuple[tuple[Any, _Walker], ...] = (
    (TextNode, TagWalk.text),
    (VariableNode, TagWalk.variable),
    (defaulttags.IfNode, TagWalk.if_),
    (defaulttags.ForNode, TagWalk.for_),
    (defaulttags.IfChangedNode, TagWalk.ifchanged),
    (defaulttags.AutoEscapeControlNode, TagWalk.autoescaping),
    (loader_tags.BlockNode, TagWalk.block_tag),
    (loader_tags.ExtendsNode, TagWalk.children),
    (loader_tags.IncludeNode, TagWalk.include),
    (library.InclusionNode, TagWalk.inclusion),
    (defaulttags.FilterNode, TagWalk.filtered),
    (defaulttags.CsrfTokenNode, TagWalk.csrf_token),
    (defaulttags.VerbatimNode, TagWalk.verbatim),
    (defaulttags.TemplateTagNode, TagWalk.character),
    (i18n.BlockTranslateNode, TagWalk.sentence),
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
        TagWalk.value_tag,
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
        TagWalk.children,
    ),
    *(
        (getattr(defaulttags, name), walk)
        for name, walk in (
            ("PartialNode", TagWalk.partial),
            ("PartialDefNode", TagWalk.partial_definition),
        )
        if hasattr(defaulttags, name)
    ),
)

"""Django's template nodes, carried along with the state of the page.

Texts and variables become the classes here; every other node keeps its class, and what it renders
is looked at from outside. Which of three kinds a node is decides how:

- *transparent* nodes (``{% if %}``, ``{% for %}``, ``{% block %}``, ``{% include %}``...) return
  what their children rendered, and the children have carried the state already;
- *values* (``{% url %}``, ``{% firstof %}``, simple tags...) render one value, which is escaped
  for its place as a variable's is;
- all others may do anything with what their children rendered: keep it, change it, wrap it, store
  it for later. What they return is compared with that, and read as vouched markup if it differs.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.template import base, defaulttags, library, loader_tags
from django.templatetags import cache, i18n, l10n, static, tz
from django.utils.functional import Promise
from django.utils.safestring import SafeData, SafeString

from ringfence.rings.escaping.fragment import CacheNode
from ringfence.rings.escaping.html_vouched import COMPLETE
from ringfence.rings.escaping.place import Place, Step, start_of
from ringfence.rings.escaping.run import Following, Run, Variable, run_of
from ringfence.rings.escaping.typed import Rendered

__all__ = ["TextNode", "VariableNode", "adopt"]

#: A text node meets few states; one that meets more (a partial used everywhere) computes them.
_MOST_STEPS = 32


def annotate(error: Exception, node: base.Node, ctx: Any) -> None:
    """Tell Django's debug page which node raised (as ``Node.render_annotated`` does)."""
    if not ctx.template.engine.debug:
        return
    if not hasattr(error, "_culprit_node"):
        error._culprit_node = node  # type: ignore[attr-defined]
    culprit = error._culprit_node  # type: ignore[attr-defined]
    template = ctx.render_context.template
    if not hasattr(error, "template_debug") and template.origin == culprit.origin:
        error.template_debug = template.get_exception_info(error, culprit.token)  # type: ignore[attr-defined]


class TextNode(base.TextNode):
    """Literal text: a function from state to state, remembered for each state it meets."""

    steps: dict[Place, Step]

    def render(self, ctx: Any) -> str:
        """Return the text, with what it is granted, and go on to the state behind it."""
        return self.render_annotated(ctx)

    def render_annotated(self, ctx: Any) -> str:
        """Return the text, with what it is granted, and go on to the state behind it."""
        try:
            run: Run = ctx._ringfence_run
        except AttributeError:
            run = run_of(ctx)
        try:
            step: Step = self.steps[run.place]
        except KeyError:
            step = self._learn(run.place)
        run.place = step.place
        if step.parts is None:
            return step.text
        return run.perform(step)

    def _learn(self, place: Place) -> Step:
        step = place.step(self.s)
        if not place.volatile and len(self.steps) < _MOST_STEPS:
            self.steps[place] = step
        return step


class VariableNode(base.VariableNode):
    """A variable, escaped for where it stands."""

    variable: Variable
    resolve: Callable[[Any], Any]
    is_super: bool

    def render(self, ctx: Any) -> str:
        """Return the value as what may stand here."""
        try:
            run: Run = ctx._ringfence_run
        except AttributeError:
            run = run_of(ctx)
        if self.is_super:
            return self._super(ctx, run)
        try:
            value = self.resolve(ctx)
        except UnicodeDecodeError:
            return ""
        return self._write(run, ctx, value)

    def render_annotated(self, ctx: Any) -> str:  # noqa: C901, PLR0912 -- each call would cost
        """Return the value as what may stand here; errors are annotated for the debug page."""
        try:
            run: Run = ctx._ringfence_run
            value: str = self.resolve(ctx)  # Or anything else: its type is asked before it is used.
            kind: type[Any] = type(value)
            if run.place.plain and ctx.autoescape:
                if kind is str:
                    # Five searches for one character cost less than one for five.
                    if "<" in value or "&" in value or ">" in value or '"' in value or "'" in value:
                        return (
                            value.replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace('"', "&quot;")
                            .replace("'", "&#x27;")
                        )
                    return value
                if kind is int and not settings.USE_THOUSAND_SEPARATOR:
                    return str(value)
                if kind is Rendered and run.place.text and run.form_action is None:
                    return value
                if kind is SafeString and (
                    not ("<" in value or '"' in value or "'" in value or ">" in value)
                    or (
                        run.place.text
                        and run.form_action is None
                        and COMPLETE.fullmatch(value)
                        and "<form" not in value.lower()
                    )
                ):
                    return value
                return self._write(run, ctx, value)
            if kind is str or kind is int:
                place = run.place
                if place.looks_ahead:
                    place = self.variable.ahead(place)
                if place.quick and not self.variable.filters:
                    found = place.glance(value if kind is str else str(value))
                    if found is not None:
                        text, run.place = found
                        if run.recorded is not None:
                            run.recorded.append(text)
                            run.recorded_data = True
                        return text
            return self._write(run, ctx, value)
        except UnicodeDecodeError:
            return ""
        except AttributeError as error:
            if not hasattr(ctx, "_ringfence_run"):
                run_of(ctx)
                return self.render_annotated(ctx)
            annotate(error, self, ctx)
            raise
        except Exception as error:
            annotate(error, self, ctx)
            raise

    def _write(self, run: Run, ctx: Any, value: Any) -> str:
        # Only what a block rendered here and now has carried the state: a context may hold some
        # other `block`, whose `super` is a value like any other.
        if self.is_super and isinstance(ctx.get("block"), loader_tags.BlockNode):
            return str(value)
        return run.write(value, ctx, self.variable)

    def _super(self, ctx: Any, run: Run) -> str:
        # {{ block.super }} renders the parent's block here and now: it has carried the state.
        return self._write(run, ctx, self.resolve(ctx))


def adopt(node: base.Node, parser: Any, token: Any) -> None:
    """Make ``node``, just parsed, carry the state."""
    kind = type(node)
    if "render_annotated" in node.__dict__:
        return  # One node stands in several places: {% cycle name %}.
    if kind is base.TextNode:
        node.__class__ = TextNode
        node.steps = {}  # type: ignore[attr-defined]
    elif kind is base.VariableNode:
        _adopt_variable(node, parser, token)
    elif kind in _TRANSPARENT:
        pass
    elif kind is loader_tags.IncludeNode or isinstance(node, library.InclusionNode):
        node.render_annotated = functools.partial(  # type: ignore[method-assign]
            _render_ahead, node.render_annotated, _named(parser, token)
        )
    elif kind in _OWN:
        node.__class__ = _OWN[kind]
        node.ringfence_variable = _named(parser, token)  # type: ignore[attr-defined]
    else:
        _watch(node, parser, token)


def _adopt_variable(node: Any, parser: Any, token: Any) -> None:
    expression = node.filter_expression
    node.__class__ = VariableNode
    node.resolve = expression.resolve
    filters = filter_names(expression)
    name = str(getattr(expression.var, "var", ""))
    node.is_super = name == "block.super" and set(filters) <= {"safe"}
    node.variable = Variable(
        token.contents, _name(parser), token.lineno, filters, following(parser)
    )
    node.variable.of_attributes = _is_of_attributes(parser, name)


_ATTRIBUTE_LOOP = re.compile(r"for\s+(\w+)\s*,\s*(\w+)\s+in\s+([\w.]+)\.items")
_WIDGETS = re.compile(r"(?:\w+\.)*widget\.attrs")


def _is_of_attributes(parser: Any, name: str) -> bool:
    """Whether the variable is a name or a value of the loop that writes a widget's attributes.

    ``{% for name, value in widget.attrs.items %}`` is how Django writes them, and how others do
    who bring form templates, some by an ``attrs.html`` that is included: what stands in that dict
    was written in Python. Of no other dict is that known.
    """
    for command, token in parser.command_stack:
        match = _ATTRIBUTE_LOOP.fullmatch(token.contents) if command == "for" else None
        if match is None or name not in match.groups()[:2]:
            continue
        included = match[3] == "attrs" and _name(parser).rpartition("/")[2] == "attrs.html"
        if included or _WIDGETS.fullmatch(match[3]):
            return True
    return False


def filter_names(expression: Any) -> tuple[str, ...]:
    """Return the names of the filters that a value goes through."""
    return tuple(
        getattr(function, "_filter_name", getattr(function, "__name__", ""))
        for function, _ in expression.filters
    )


def _name(parser: Any) -> str:
    origin = parser.origin
    return str(getattr(origin, "template_name", None) or getattr(origin, "name", "") or "")


def following(parser: Any) -> Following | None:
    """Return where the literal text behind the token that was read last is to be found."""
    texts = getattr(parser, "ringfence_texts", None)
    return None if texts is None else Following(texts, len(texts) - len(parser.tokens))


def _named(parser: Any, token: Any) -> Variable:
    return Variable(f"% {token.contents} %", _name(parser), token.lineno, (), following(parser))


def _render_ahead(original: Callable[[Any], Any], variable: Variable, ctx: Any) -> str:
    """Render another template here: its variables cannot see the text that follows it here."""
    run = run_of(ctx)
    if run.place.looks_ahead:
        run.place = variable.ahead(run.place)
    return str(original(ctx))


# Nodes that are looked at from outside


class CapturingNodeList(base.NodeList):
    """The children of a node that may do anything with what they render."""

    def render(self, ctx: Any) -> SafeString:
        """Render, and note what came out and where it ended."""
        text = super().render(ctx)
        run = run_of(ctx)
        if run.captured is not None:
            run.captured.append((text, run.place))
        return text


def _watch(node: Any, parser: Any, token: Any) -> None:
    variable = _named(parser, token)
    original = node.render_annotated
    if _is_value(node):
        node.render_annotated = functools.partial(_render_value, node, original, variable)
        return
    for name, child in vars(node).items():
        if type(child) is base.NodeList:
            child.__class__ = CapturingNodeList
        elif isinstance(child, (list, tuple)) and name != "child_nodelists":
            for item in child:
                if type(item) is base.NodeList:
                    item.__class__ = CapturingNodeList
                elif isinstance(item, tuple):
                    for part in item:
                        if type(part) is base.NodeList:
                            part.__class__ = CapturingNodeList
    node.render_annotated = functools.partial(_render_other, node, original, variable)


def _is_value(node: base.Node) -> bool:
    return type(node) in _VALUES


def _render_value(node: Any, original: Callable[[Any], Any], variable: Variable, ctx: Any) -> str:
    """Render a node that renders one value, which is escaped for its place."""
    run = run_of(ctx)
    before = run.place
    try:
        out = _VALUES[type(node)](node, original, ctx)
    except Exception as error:
        run.place = before
        annotate(error, node, ctx)
        raise
    run.place = before
    if out is None:
        return ""
    if _CSP_NONCE_ATTR is not None and getattr(node, "func", None) is _CSP_NONCE_ATTR:
        # A developer's own nonce, or media with it: as if it stood in the template.
        return run.literal(str(out))
    data = run.recorded_data
    text = run.write(out, ctx, variable)
    if _is_constant(node):
        run.recorded_data = data
    return text


#: Django 6.1's own tag, and no other of that name: what it returns is not looked at.
_CSP_NONCE_ATTR: Callable[..., Any] | None = getattr(defaulttags, "csp_nonce_attr", None)


def _is_constant(node: Any) -> bool:
    """Whether what the node renders is the developer's word: a URL by constant arguments, say."""
    if isinstance(node, defaulttags.URLNode):
        expressions = [node.view_name, *node.args, *node.kwargs.values()]
        return all(_is_text_of_the_template(each) for each in expressions)
    if isinstance(node, static.StaticNode):
        return _is_text_of_the_template(node.path)
    return isinstance(node, static.PrefixNode)


def _is_text_of_the_template(expression: Any) -> bool:
    variable = getattr(expression, "var", None)
    if isinstance(variable, base.Variable):
        return variable.lookups is None and not expression.filters
    return isinstance(variable, str)


# How each gives its value before it is escaped. Autoescaping stays on while they do: filters and
# a tag's own function look at it.


def _unescaped(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    """Return what the node escaped: URLs and numbers are no markup to begin with."""
    del node
    out = original(ctx)
    if out == "":
        return None
    return html.unescape(str(out)) if isinstance(out, SafeData) and ctx.autoescape else out


def _now(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    """Return the time: its format is the template's, and may hold markup."""
    del node
    out = original(ctx)
    return SafeString(out) if out else None


def _first_of(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    if node.asvar:
        original(ctx)
        return None
    for variable in node.vars:
        value = variable.resolve(ctx, ignore_failures=True)
        if value:
            return value
    return ""


def _cycle(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    del original
    if node not in ctx.render_context:
        node.reset(ctx)
    value = next(ctx.render_context[node]).resolve(ctx)
    if node.variable_name:
        ctx.set_upward(node.variable_name, value)
    return None if node.silent else value


def _simple(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    if node.target_var is not None:
        original(ctx)
        return None
    args, kwargs = node.get_resolved_arguments(ctx)
    return node.func(*args, **kwargs)


_VALUES: dict[type[base.Node], Callable[[Any, Callable[[Any], Any], Any], Any]] = {
    defaulttags.URLNode: _unescaped,
    defaulttags.FirstOfNode: _first_of,
    defaulttags.CycleNode: _cycle,
    defaulttags.NowNode: _now,
    defaulttags.WidthRatioNode: _unescaped,
    static.StaticNode: _unescaped,
    static.PrefixNode: _unescaped,
    library.SimpleNode: _simple,
}


def _render_other(node: Any, original: Callable[[Any], Any], variable: Variable, ctx: Any) -> str:
    """Render a node that may do anything, and find where its output ends."""
    run = run_of(ctx)
    before = run.place
    outer, run.captured = run.captured, []
    recorded, length = run.recorded, len(run.recorded or ())
    try:
        out = original(ctx)
    except BaseException:
        run.place = before
        raise
    finally:
        captured, run.captured = run.captured, outer
    out = "" if out is None else str(out)
    if captured and out and _is_sum(out, captured):
        run.place = captured[-1][1]
        return out
    # What the children wrote is not what stands in the page: it is not recorded, either.
    run.place = before
    if recorded is not None:
        del recorded[length:]
        run.recorded = recorded
    return run.write_text(SafeString(out), out, True, variable) if out else ""  # noqa: FBT003


def _is_sum(out: str, captured: list[tuple[str, Place]]) -> bool:
    """Whether ``out`` is exactly what the children rendered, but for blanks around it."""
    whole = "".join(text for text, _ in captured)
    if len(captured) == 1 or out == whole:
        return out in (whole, whole.strip())
    # A node with branches may have rendered one to look at it, and another to return it.
    if out in (captured[-1][0], captured[-1][0].strip()):
        del captured[:-1]
        return True
    return False


# Nodes with a rendering of their own


class VerbatimNode(defaulttags.VerbatimNode):
    """Text that is not to be read as a template: a developer's all the same."""

    def render(self, ctx: Any) -> str:
        """Return the text, with what it is granted."""
        return run_of(ctx).literal(self.content)


class TemplateTagNode(defaulttags.TemplateTagNode):
    """Characters that a template cannot write as they are."""

    def render(self, ctx: Any) -> str:
        """Return the characters."""
        return run_of(ctx).literal(super().render(ctx))


class CsrfTokenNode(defaulttags.CsrfTokenNode):
    """The token of a form."""

    def render(self, ctx: Any) -> str:
        """Return the field: complete markup, which leaves the state as it is."""
        run = run_of(ctx)
        out = super().render(ctx)
        if out:
            run.form_action = None
        return out


class SpacelessNode(defaulttags.SpacelessNode):
    """What its children render, without blanks between tags: also those in a script's strings."""

    def render(self, ctx: Any) -> str:
        """Return the text; no hash is noted for what may have changed."""
        run = run_of(ctx)
        run.loose += 1
        try:
            return str(super().render(ctx))
        finally:
            run.loose -= 1


class FilterNode(defaulttags.FilterNode):
    """What its children render, through filters."""

    ringfence_variable: Variable

    def render(self, ctx: Any) -> str:
        """Return the filtered text as a value: the children rendered for text."""
        run = run_of(ctx)
        before = run.place
        captured, run.captured = run.captured, None
        recorded, run.recorded = run.recorded, None
        form_action, grants = run.form_action, run.grants
        # A filter may show markup as text: nothing in it is granted anything.
        run.replace_grants(None)
        if not before.plain:
            run.place = start_of(None)
        try:
            out = super().render(ctx)
        finally:
            run.place, run.captured, run.recorded = before, captured, recorded
            run.form_action = form_action
            run.replace_grants(grants)
        variable = self.ringfence_variable
        if not variable.filters:
            variable.filters = filter_names(self.filter_expr)
        return run.write_text(SafeString(out), str(out), True, variable)  # noqa: FBT003


class TranslateNode(i18n.TranslateNode):
    """A translated string: a value, vouched for by whoever translated it if it is literal."""

    ringfence_variable: Variable

    def render(self, ctx: Any) -> str:
        """Return the translation as what may stand here."""
        if self.asvar:
            return super().render(ctx)
        expression = self.filter_expression
        expression.var.translate = not self.noop
        if self.message_context:
            expression.var.message_context = self.message_context.resolve(ctx)
        value = expression.resolve(ctx)
        if isinstance(value, (str, Promise)):
            # The catalogue doubles percent signs.
            text = str(value)
            halved = text.replace("%%", "%")
            value = SafeString(halved) if isinstance(text, SafeData) else halved
        run = run_of(ctx)
        data = run.recorded_data
        out = run.write(value, ctx, self.ringfence_variable)
        if _is_text_of_the_template(expression):
            run.recorded_data = data
        return out


class _Slot:
    """Resolves to what was found out before: a value, or a marker that stands for one."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def resolve(self, ctx: Any) -> Any:
        del ctx
        return self.value


class BlockTranslateNode(i18n.BlockTranslateNode):
    """A translated sentence with variables in it: text and values in turn."""

    ringfence_variable: Variable

    def render(self, ctx: Any, nested: bool = False) -> str:  # noqa: FBT001, FBT002 -- Django's
        """Return the sentence; each variable is escaped for where the translator put it."""
        if nested or "extra_context" not in self.__dict__:
            return super().render(ctx, nested)
        run = run_of(ctx)
        names = {
            token.contents
            for token in [*self.singular, *(self.plural or ())]
            if token.token_type.value == 1 and token.contents != self.countervar
        }
        values: list[tuple[str, Any]] = []
        extra: dict[str, Any] = dict(self.extra_context)
        for name in sorted(names):
            if name in extra:
                value = extra[name].resolve(ctx)
            elif name in ctx:
                value = ctx[name]
            else:
                continue
            # Private characters: a translation has none, and a value is never searched.
            extra[name] = _Slot(SafeString(f"\ue000{len(values)}\ue001"))
            values.append((name, value))
        clone: Any = i18n.BlockTranslateNode.__new__(i18n.BlockTranslateNode)
        clone.__dict__.update(self.__dict__)
        clone.__dict__.pop("render_annotated", None)
        clone.extra_context = extra
        clone.asvar = None
        if self.counter:
            # It may count one of the variables that markers stand for.
            with ctx.push(**{key: each.resolve(ctx) for key, each in self.extra_context.items()}):
                clone.counter = _Slot(self.counter.resolve(ctx))
        out = str(clone.render(ctx))
        if self.asvar:
            ctx[self.asvar] = SafeString(self._stored(ctx, out, values))
            return ""
        return self._spliced(run, ctx, out, values)

    def _spliced(self, run: Run, ctx: Any, out: str, values: list[tuple[str, Any]]) -> str:
        parts = []
        in_text = run.in_text
        for index, piece in enumerate(_pieces(out, len(values))):
            if index % 2:
                name, value = values[int(piece)]
                variable = self.ringfence_variable
                parts.append(
                    run.write(
                        value,
                        ctx,
                        Variable(name, variable.template, variable.line),
                    )
                )
            elif piece and in_text:
                parts.append(run.translated(piece))
            elif piece:
                data = run.recorded_data
                parts.append(
                    run.write_text(SafeString(piece), piece, True, self.ringfence_variable)  # noqa: FBT003
                )
                run.recorded_data = data
        return "".join(parts)

    @staticmethod
    def _stored(ctx: Any, out: str, values: list[tuple[str, Any]]) -> str:
        return "".join(
            base.render_value_in_context(values[int(piece)][1], ctx) if index % 2 else piece
            for index, piece in enumerate(_pieces(out, len(values)))
        )


def _pieces(text: str, count: int) -> list[str]:
    """Split at the markers: texts, and between them the numbers of values."""
    pieces = []
    for index, part in enumerate(text.split("\ue000")):
        number, separator, rest = part.partition("\ue001")
        if index and separator and number.isdigit() and int(number) < count:
            pieces += [number, rest]
        elif index and pieces:
            pieces[-1] += "\ue000" + part
        else:
            pieces.append(part)
    return pieces


#: Nodes whose output is what their children rendered, in order, or nothing.
_TRANSPARENT: set[type[base.Node]] = {
    defaulttags.AutoEscapeControlNode,
    defaulttags.CommentNode,
    defaulttags.ForNode,
    defaulttags.IfNode,
    defaulttags.LoadNode,
    defaulttags.RegroupNode,
    defaulttags.ResetCycleNode,
    defaulttags.WithNode,
    loader_tags.BlockNode,
    loader_tags.ExtendsNode,
    i18n.LanguageNode,
    i18n.GetAvailableLanguagesNode,
    i18n.GetLanguageInfoNode,
    i18n.GetLanguageInfoListNode,
    i18n.GetCurrentLanguageNode,
    i18n.GetCurrentLanguageBidiNode,
    l10n.LocalizeNode,
    tz.LocalTimeNode,
    tz.TimezoneNode,
    tz.GetCurrentTimezoneNode,
}
for _optional in ("PartialNode", "PartialDefNode"):
    if hasattr(defaulttags, _optional):
        _TRANSPARENT.add(getattr(defaulttags, _optional))

_OWN: dict[type[base.Node], type[base.Node]] = {
    defaulttags.VerbatimNode: VerbatimNode,
    defaulttags.TemplateTagNode: TemplateTagNode,
    defaulttags.CsrfTokenNode: CsrfTokenNode,
    defaulttags.FilterNode: FilterNode,
    defaulttags.SpacelessNode: SpacelessNode,
    cache.CacheNode: CacheNode,
    i18n.TranslateNode: TranslateNode,
    i18n.BlockTranslateNode: BlockTranslateNode,
}

"""``{% translate %}`` and ``{% blocktranslate %}``: a translator's text, with values in it."""

from __future__ import annotations

from typing import Any

from django.templatetags import i18n
from django.utils.functional import Promise
from django.utils.safestring import SafeData, SafeString

from ringfence.rings.escaping.place import start_of
from ringfence.rings.escaping.run import Run, run_of
from ringfence.rings.escaping.source import is_text_of_the_template
from ringfence.rings.escaping.variable import Following, Variable

__all__ = ["BlockTranslateNode", "TranslateNode"]


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
        if is_text_of_the_template(expression):
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
            ctx[self.asvar] = SafeString(self._stored(run, ctx, out, values))
            return ""
        return self._spliced(run, ctx, out, values)

    def _spliced(self, run: Run, ctx: Any, out: str, values: list[tuple[str, Any]]) -> str:
        parts = []
        in_text = run.in_text
        pieces = _pieces(out, len(values))
        for index, piece in enumerate(pieces):
            if index % 2:
                name, value = values[int(piece)]
                variable = self.ringfence_variable
                # The translator's text behind it may decide what it is.
                rest = Following([*pieces[index + 1 :: 2]], 0) if in_text else None
                parts.append(
                    run.write(
                        value,
                        ctx,
                        Variable(name, variable.template, variable.line, (), rest),
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

    def _stored(self, run: Run, ctx: Any, out: str, values: list[tuple[str, Any]]) -> str:
        """Return the sentence as it is in text: nobody knows yet where it is to stand."""
        place, recorded, grants = run.place, run.recorded, run.grants
        data, form_action = run.recorded_data, run.form_action
        run.place, run.recorded = start_of(None), None
        run.replace_grants(None)
        try:
            return self._spliced(run, ctx, out, values)
        finally:
            run.place, run.recorded, run.recorded_data = place, recorded, data
            run.form_action = form_action
            run.replace_grants(grants)


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

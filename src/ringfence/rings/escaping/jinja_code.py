"""The code of a Jinja2 template: each text a step from state to state, each value escaped for its.

Generated functions bind the run once, as ``rf_run``. A text becomes two look-ups, and a value one
call. What is constant is not folded into the text: text is the developer's, a constant is a value.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator as JinjaCodeGenerator
from jinja2.compiler import Frame
from jinja2.filters import FILTERS

from ringfence.rings.escaping.jinja_reading import describe, filter_names, joined_by, translated
from ringfence.rings.escaping.jinja_runtime import VERSION

__all__ = ["CodeGenerator"]

_RUNTIME = "ringfence.rings.escaping.jinja_runtime"
_NAMES = {
    "Macro": "Macro",
    "TemplateReference": "TemplateReference",
    "Text": "rf_text",
    "current": "rf_current",
    "put": "rf_put",
    "raw_text": "rf_raw_text",
    "run_of": "rf_run_of",
    "sentence": "rf_sentence",
    "write": "rf_write",
    "write_joined": "rf_write_joined",
    "write_raw": "rf_write_raw",
    "write_translated": "rf_write_translated",
}


class CodeGenerator(JinjaCodeGenerator):
    """Jinja2's code generator, under which a template carries the state of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: The texts in the order of the source, and how many precede each output.
        self.texts: list[str] = []
        self.text_of: dict[int, int] = {}
        self.behind: dict[int, int] = {}
        self.variables: list[str] = []
        #: For each output that is being written, the variable that ends it.
        self.writing: list[str | None] = []
        #: The marks of the buffers that are open within the innermost loop.
        self.open_marks: list[str] = []
        #: The values in translated sentences, by their nodes, and what ends each.
        self.in_sentences: dict[int, tuple[nodes.Node, str]] = {}
        self.begins: str = ""

    # Texts and variables, which stand at the end of the module

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 -- Jinja2's
        """Write the module."""
        self._read(node)
        super().visit_Template(node, frame)
        names = ", ".join(f"{name} as {alias}" for name, alias in _NAMES.items())
        self.writeline(f"from {_RUNTIME} import {names}", extra=1)
        self.writeline("from ringfence.rings.escaping.variable import Following as rf_following")
        self.writeline("from ringfence.rings.escaping.variable import Variable as rf_variable")
        self.writeline(f"rf_version = {VERSION}")
        self.writeline(f"rf_texts = {self.texts!r}")
        for index in range(len(self.texts)):
            self.writeline(f"rf_t{index} = rf_text(rf_texts[{index}])")
        for index, source in enumerate(self.variables):
            self.writeline(f"rf_v{index} = {source}")
        self.write("\n")

    def _read(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Output):
            merged: list[Any] = []
            for child in node.nodes:
                if isinstance(child, nodes.TemplateData):
                    if merged and isinstance(merged[-1], nodes.TemplateData):
                        merged[-1].data += child.data
                        self.texts[-1] = merged[-1].data
                        continue
                    self.text_of[id(child)] = len(self.texts)
                    self.texts.append(child.data)
                else:
                    self.behind[id(child)] = len(self.texts)
                merged.append(child)
            node.nodes = merged
            return
        for inner in node.iter_child_nodes():
            self._read(inner)
        self.behind[id(node)] = len(self.texts)

    def _variable(
        self, node: nodes.Node, text: str, filters: tuple[str, ...], *, ahead: bool = True
    ) -> str:
        behind = self.behind.get(id(node), len(self.texts))
        following = f"rf_following(rf_texts, {behind})" if ahead else "None"
        self.variables.append(
            f"rf_variable({text!r}, {self.name or ''!r}, {node.lineno}, {filters!r}, {following})"
        )
        return f"rf_v{len(self.variables) - 1}"

    # Output

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write texts and values in turn."""
        if frame.require_output_check:
            if self.has_known_extends:
                return
            self.writeline("if parent_template is None:")
            self.indent()
        finalize = self._make_finalize()
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self._output_text(child, frame)
                continue
            variable = self._variable(child, describe(child), filter_names(child))
            if isinstance(child, nodes.Call) or child.find(nodes.Call) is not None:
                self._look_ahead(variable)
            self.writing.append(None)
            super().start_write(frame, child)
            self._write_value(child, frame, finalize, variable)
            self.end_write(frame)
        if not node.nodes:
            self.writeline("pass")
        if frame.require_output_check:
            self.outdent()

    def _output_text(self, node: nodes.TemplateData, frame: Frame) -> None:
        index = self.text_of.get(id(node))
        if index is None:
            # An extension made it while the code was written.
            index = len(self.texts)
            self.texts.append(node.data)
        self.writeline(f"rf_step = rf_t{index}[rf_run.place]", node)
        self.writeline("rf_run.place = rf_step.place")
        self.simple_write(
            "rf_step.text if rf_step.parts is None else rf_run.perform(rf_step)", frame
        )

    def _write_value(self, node: nodes.Expr, frame: Frame, finalize: Any, variable: str) -> None:
        write = self._by_autoescape(frame, "rf_write", "rf_write_raw")
        if (
            write == "rf_write"
            and finalize.src is None
            and self._write_joined(node, frame, variable)
        ):
            return
        values = translated(node)
        if values and write != "rf_write_raw":
            write = self._by_autoescape(frame, "rf_write_translated", "rf_write_raw")
            self._mark_values(values, self._by_autoescape(frame, "True", "False"))
        self.write(f"{write}(rf_run, ")
        if finalize.src is not None:
            self.write(finalize.src)
        self.visit(node, frame)
        if finalize.src is not None:
            self.write(")")
        self.write(f", {variable})")

    def _write_joined(self, node: nodes.Expr, frame: Frame, variable: str) -> bool:
        found = joined_by(node)
        own = self.environment.filters.get("join") is not FILTERS["join"]
        if found is None or own or self.environment.is_async:
            return False
        items, separator = found
        self.behind[id(items)] = self.behind.get(id(node), len(self.texts))
        item = self._variable(items, describe(node), filter_names(items))
        self.write("rf_write_joined(rf_run, context.eval_ctx, ")
        self.visit(items, frame)
        safe = isinstance(node, nodes.Filter) and node.name == "safe"
        self.write(f", {separator!r}, {safe}, {variable}, {item})")
        return True

    def _mark_values(self, values: list[nodes.Expr], how: str) -> None:
        for value in values:
            name = self._variable(value, describe(value), filter_names(value), ahead=False)
            self.in_sentences[id(value)] = value, f", {name}, {how})"

    def visit_Call(self, node: nodes.Call, frame: Frame, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: N802 -- Jinja2's
        """Write a call. A translated sentence that is not written at once is made for text."""
        values = translated(node)
        if not values or id(values[0]) in self.in_sentences:
            super().visit_Call(node, frame, **kwargs)
            return
        autoescape = self._by_autoescape(frame, "True", "False")
        self._mark_values(values, f"{autoescape}, True")
        self.write("rf_sentence(rf_run, ")
        super().visit_Call(node, frame, **kwargs)
        self.write(")")

    def _look_ahead(self, variable: str) -> None:
        # What is rendered in a macro, a block or another template has other text behind it.
        self.writeline("if rf_run.place.looks_ahead:")
        self.indent()
        self.writeline(f"rf_run.place = {variable}.ahead(rf_run.place)")
        self.outdent()

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Write a node. A value in a sentence is formatted before it is written."""
        _, end = self.in_sentences.get(id(node), (None, None))
        if end is None:
            return super().visit(node, *args, **kwargs)
        self.write("rf_raw_text(rf_run, ")
        super().visit(node, *args, **kwargs)
        self.write(end)
        return None

    @staticmethod
    def _by_autoescape(frame: Frame, on: str, off: str) -> str:
        if frame.eval_ctx.volatile:
            return f"({on} if context.eval_ctx.autoescape else {off})"
        return on if frame.eval_ctx.autoescape else off

    def start_write(self, frame: Frame, node: nodes.Node | None = None) -> None:
        """Begin an output. What a statement returns is not escaped, but it moves the state."""
        super().start_write(frame, node)
        variable = None
        if isinstance(node, nodes.CallBlock):
            variable = self._variable(node, f"call {describe(node.call)}", ())
        elif isinstance(node, nodes.FilterBlock):
            variable = self._variable(
                node, f"filter {describe(node.filter)}", filter_names(node.filter)
            )
        elif isinstance(node, nodes.For):
            variable = self._variable(node, "for … recursive", ())
        if variable is not None:
            self.write("rf_put(rf_run, ")
        self.writing.append(variable)

    def end_write(self, frame: Frame) -> None:
        """End an output."""
        variable = self.writing.pop()
        if variable is not None:
            self.write(f", {variable})")
        super().end_write(frame)

    # Functions and buffers

    def write_commons(self) -> None:
        """Bind the run."""
        super().write_commons()
        self.writeline("rf_run = rf_run_of(context)")

    def func(self, name: str) -> str:
        """Return the beginning of a function."""
        self.begins = name
        return super().func(name)

    def buffer(self, frame: Frame) -> None:
        """Begin a buffer."""
        begins, self.begins = self.begins, ""
        if begins == "macro":
            # Whoever calls it may be another run than the one it was defined in.
            self.writeline("rf_run = rf_current()")
        super().buffer(frame)
        if begins == "loop":
            self.writeline(f"{frame.buffer}_at = rf_run.mark()")

    def return_buffer_contents(self, frame: Frame, force_unescaped: bool = False) -> None:  # noqa: FBT001, FBT002 -- Jinja2's
        """Return what a macro or a recursive loop rendered."""
        if force_unescaped:
            super().return_buffer_contents(frame, force_unescaped)
            return
        autoescape = self._by_autoescape(frame, "True", "False")
        self.writeline(
            f"return rf_run.finish({frame.buffer}_at, concat({frame.buffer}), {autoescape})"
        )

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write ``{% set %}…{% endset %}``."""
        self.push_assign_tracking()
        block_frame = frame.inner()
        block_frame.require_output_check = False
        block_frame.symbols.analyze_node(node)
        self.enter_frame(block_frame)
        if node.filter is not None:
            begin, end = "to_text", ""
        elif _is_literal(node.body):
            begin, end = "", "finish_literal"
        else:
            begin, end = "to_value", "finish_value"
        mark = self._visit_buffered(node.body, block_frame, begin)
        if node.filter is not None:
            self.writeline(f"rf_run.unmark({mark})")
        self.newline(node)
        self.visit(node.target, frame)
        if node.filter is not None:
            self.write(" = (Markup if context.eval_ctx.autoescape else identity)(")
            self.visit_Filter(node.filter, block_frame)
        else:
            self.write(f" = rf_run.{end}({mark}, concat({block_frame.buffer})")
            self.write(", context.eval_ctx.autoescape")
        self.write(")")
        self.pop_assign_tracking(frame)
        self.leave_frame(block_frame)

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write ``{% filter %}``."""
        filter_frame = frame.inner()
        filter_frame.symbols.analyze_node(node)
        self.enter_frame(filter_frame)
        mark = self._visit_buffered(node.body, filter_frame, "to_text")
        self.writeline(f"rf_run.unmark({mark})")
        self.start_write(frame, node)
        self.visit_Filter(node.filter, filter_frame)
        self.end_write(frame)
        self.leave_frame(filter_frame)

    def _visit_buffered(self, body: list[nodes.Node], frame: Frame, begin: str) -> str:
        self.buffer(frame)
        mark = f"{frame.buffer}_at"
        self.writeline(f"{mark} = rf_run.mark()")
        if begin:
            self.writeline(f"rf_run.{begin}()")
        self.open_marks.append(mark)
        self.blockvisit(body, frame)
        self.open_marks.pop()
        return mark

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write ``{% call %}``."""
        self._look_ahead(self._variable(node, "call", ()))
        super().visit_CallBlock(node, frame)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write the call of a block."""
        if not (frame.toplevel and self.has_known_extends):
            self._look_ahead(self._variable(node, f"block {node.name}", ()))
        super().visit_Block(node, frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write a loop."""
        outer, self.open_marks = self.open_marks, []
        super().visit_For(node, frame)
        self.open_marks = outer

    def visit_Break(self, node: nodes.Break, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Leave the loop, and the buffers in it."""
        self._leave_buffers()
        super().visit_Break(node, frame)

    def visit_Continue(self, node: nodes.Continue, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Leave the buffers in the loop."""
        self._leave_buffers()
        super().visit_Continue(node, frame)

    def _leave_buffers(self) -> None:
        if self.open_marks:
            self.writeline(f"rf_run.unmark({self.open_marks[0]})")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802 -- Jinja2's
        """Write ``{% include %}``: rendered here and now, with or without the context."""
        self._look_ahead(self._variable(node, "include", ()))
        if node.with_context:
            super().visit_Include(node, frame)
            return
        if node.ignore_missing:
            self.writeline("try:")
            self.indent()
        self.writeline("template = environment.get_or_select_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        if node.ignore_missing:
            self.outdent()
            self.writeline("except TemplateNotFound:")
            self.indent()
            self.writeline("pass")
            self.outdent()
            self.writeline("else:")
            self.indent()
        # Jinja2 renders such a template once and keeps its text; here its text depends on where
        # it stands.
        self.writeline("gen = template.root_render_func(template.new_context())")
        self.writeline("try:")
        self.indent()
        self.writeline(f"{self.choose_async()}for event in gen:")
        self.indent()
        self.simple_write("event", frame)
        self.outdent(2)
        self.writeline(f"finally: {self.choose_async('await gen.aclose()', 'gen.close()')}")
        if node.ignore_missing:
            self.outdent()


def _is_literal(body: list[nodes.Node]) -> bool:
    """Whether a template's body writes nothing but its own text."""
    return all(
        (
            isinstance(node, nodes.Output)
            and all(isinstance(part, nodes.TemplateData) for part in node.nodes)
        )
        or (isinstance(node, nodes.If) and _is_literal([*node.body, *node.elif_, *node.else_]))
        for node in body
    )

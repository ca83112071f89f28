"""Nodes that may do anything with what their children render: looked at from outside.

What they return is compared with what the children rendered, and read as vouched markup if it is
something else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.template import base
from django.utils.safestring import SafeString

from ringfence.rings.escaping.place import Place
from ringfence.rings.escaping.run import run_of
from ringfence.rings.escaping.variable import Variable

__all__ = ["watch"]


class CapturingNodeList(base.NodeList):
    """The children of a node that may do anything with what they render."""

    def render(self, ctx: Any) -> SafeString:
        """Render, and note what came out and where it ended."""
        text = super().render(ctx)
        run = run_of(ctx)
        if run.captured is not None:
            run.captured.append((text, run.place))
        return text


def watch(node: Any, variable: Variable) -> None:
    """Look at ``node`` from outside, and at each list of its children."""
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
    node.render_annotated = functools.partial(_render_other, node.render_annotated, variable)


def _render_other(original: Callable[[Any], Any], variable: Variable, ctx: Any) -> str:
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

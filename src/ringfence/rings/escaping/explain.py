"""What becomes of each variable of a template, found without rendering it.

The compiled template is walked in the order in which it is rendered, the state of the page with
it. Values are not known, so a sample stands for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.rings.escaping.explain_grants import Row
from ringfence.rings.escaping.explain_tags import TagWalk
from ringfence.rings.escaping.explain_walk import name_of
from ringfence.rings.escaping.place import start_of

if TYPE_CHECKING:
    from ringfence.rings.escaping.policy import EscapingPolicy

__all__ = ["Row", "explain"]


def explain(template: Any, policy: EscapingPolicy) -> list[Row]:
    """Return what becomes of ``template``, a compiled one of ringfence's engine, in order.

    :raises TemplateDoesNotExist: for a parent that there is none of.
    """
    walk = TagWalk(template.engine, policy, start_of(name_of(template)))
    walk.template(template)
    return list(dict.fromkeys(walk.rows))

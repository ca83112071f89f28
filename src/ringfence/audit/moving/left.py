"""Where settings still name what was replaced: in branches that a server does not take."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ringfence.audit.model import Project
from ringfence.audit.moving.bench import Bench, HandError
from ringfence.audit.moving.jobs import files_of
from ringfence.audit.moving.plan import Goal

__all__ = ["left_over"]


def left_over(bench: Bench, project: Project, done: Sequence[Goal]) -> Iterator[str]:
    """Yield a sentence for each string that names a middleware which is replaced elsewhere."""
    lists = [goal for goal in done if goal.setting == "MIDDLEWARE"]
    gone = {str.__str__(each) for goal in lists for each in goal.gone}
    for path in files_of(project, lists) if lists else ():
        try:
            text = bench.text(path)
        except HandError:
            continue
        for node in text.nodes:
            if isinstance(node, ast.Constant) and node.value in gone:
                yield (
                    f"{path}:{node.lineno}: {node.value} is named here too, for settings that no "
                    "server is known to use. It is left as it is."
                )

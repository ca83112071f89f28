"""A script that is a file of its own, to facts."""

from __future__ import annotations

from ringfence.audit.collect.lines import Lines
from ringfence.audit.collect.own_scripts import is_written_here
from ringfence.audit.collect.scripts.reader import flows
from ringfence.audit.collect.scripts.words import MAY_MATTER
from ringfence.audit.facts.scripts import ScriptFacts

__all__ = ["read_script"]


def read_script(path: str, text: str, *, is_test: bool = False) -> ScriptFacts:
    """Return what is known of the script at ``path``; of a library's copy that is nothing.

    >>> facts = read_script("static/a.js", "box.innerHTML = location.hash;")
    >>> [(flow.into, flow.origins[0].kind) for flow in facts.flows]
    [('innerHTML', 'address')]
    """
    lines = text.count("\n") + (not text.endswith("\n"))
    if not MAY_MATTER.search(text):
        return ScriptFacts(path, (), lines, is_test)
    if not is_written_here(text):
        return ScriptFacts(path, (), 0, is_test)
    return ScriptFacts(path, flows(text, Lines(path, text).place), lines, is_test)

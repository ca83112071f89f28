"""What templates mean to one another: where a block or an include stands in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import replace

from ringfence.audit.collect.templates.reader import Standing, read_template
from ringfence.audit.model import TemplateFacts

__all__ = ["relinked", "settle"]

#: So many parents are followed.
_HIGHEST = 20


def relinked(templates: Mapping[str, TemplateFacts]) -> Iterator[tuple[str, Standing]]:
    """Yield the templates that stand in another one's script or attribute, and where.

    They are to be read once more, with what is yielded as their ``standing``.
    """
    if not any(facts.opens or any(facts.blocks.values()) for facts in templates.values()):
        return
    by_name: dict[str, TemplateFacts] = {}
    for facts in templates.values():
        for name in facts.names:
            by_name.setdefault(name, facts)
    included: dict[str, str] = {}
    for facts in templates.values():
        for name, opens in facts.opens.items():
            if name in by_name:
                included.setdefault(by_name[name].path, opens)
    for path, facts in templates.items():
        blocks = _inherited(facts, by_name)
        opens = included.get(path, "")
        if blocks or opens:
            yield path, Standing(opens, blocks)


def settle(
    templates: MutableMapping[str, TemplateFacts], text_of: Callable[[str], str | None]
) -> None:
    """Read those templates once more whose blocks, or which, stand in another one's script.

    ``text_of`` returns a file's text by its path, None if there is none any more.
    """
    for path, standing in list(relinked(templates)):
        text = text_of(path)
        again = None if text is None else read_template(path, text, standing=standing)
        if isinstance(again, TemplateFacts):
            was = templates[path]
            templates[path] = replace(again, is_test=was.is_test, accepted=was.accepted)


def _inherited(facts: TemplateFacts, by_name: Mapping[str, TemplateFacts]) -> dict[str, str]:
    own = facts.blocks
    blocks: dict[str, str] = {}
    for _ in range(_HIGHEST):
        parent = next((by_name[name] for name in facts.extends if name in by_name), None)
        if parent is None or parent is facts:
            break
        for name, opens in parent.blocks.items():
            if opens and name in own:
                blocks.setdefault(name, opens)
        facts = parent
    return blocks

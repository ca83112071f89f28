"""What ``ringfence init`` would change, in sentences, for a report that ends with them."""

from __future__ import annotations

from pathlib import Path

from ringfence.audit.collect import tree
from ringfence.audit.config import ConfigError
from ringfence.audit.configured import config_of, loaded_here, within
from ringfence.audit.moving.around import look_around
from ringfence.audit.moving.plan import plan
from ringfence.audit.run import Options, examine

__all__ = ["foretold"]


def foretold(root: Path) -> list[str]:
    """Return a sentence for each setting that would change; none where that cannot be known.

    Nothing is made and nothing written: what of it can be edited only ``init`` itself says.
    """
    try:
        config = config_of(root, {})
    except ConfigError:
        return []
    top, paths = within(root, config)
    options = Options(
        paths=paths, exclude=config.exclude, settings=config.settings, loaded=loaded_here()
    )
    found = examine(top, options)
    return plan(
        found.project, look_around(tree.walk(found.root, exclude=options.exclude))
    ).sentences

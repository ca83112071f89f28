"""A baseline: findings that were there when the audit came, so that only new ones fail.

It holds fingerprints, and beside each what it is about, for whoever reads the file's diff. Since no
fingerprint has a line in it, lines may move.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ringfence.audit.model import Finding
from ringfence.finding import quote

__all__ = ["BaselineError", "as_text", "load"]

_VERSION = 1
_LIMIT = 50_000_000


class BaselineError(ValueError):
    """The file is no baseline."""


def load(path: Path) -> frozenset[str]:
    """Return the fingerprints in the file.

    :raises BaselineError: if it cannot be read, or is no baseline.
    """
    try:
        if path.stat().st_size > _LIMIT:
            raise BaselineError(f"{path}: larger than {_LIMIT:,} bytes.")
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: is no JSON: {quote(str(error))}") from error
    found = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(found, dict) or document.get("version") != _VERSION:
        raise BaselineError(f"{path}: is no baseline that `ringfence audit` wrote.")
    return frozenset(found)


def as_text(findings: Iterable[Finding]) -> str:
    """Return a baseline that holds ``findings``, one a line, in an order that does not change."""
    about = {
        finding.fingerprint: f"{finding.code} {finding.hit.place.path}" for finding in findings
    }
    ordered = dict(sorted(about.items(), key=lambda item: (item[1], item[0])))
    return json.dumps({"version": _VERSION, "findings": ordered}, indent=1) + "\n"

"""What is known of the packages that a project asks for."""

from __future__ import annotations

from ringfence.audit.facts.values import Place
from ringfence.records import record

__all__ = ["Advisory", "Requirement"]


@record
class Requirement:
    """A package that a file asks for: its name as PyPI compares it (PEP 503).

    ``version`` is the one version that it may be, "" if it may be several; ``specifier`` is what
    the file says of it, in the words of PEP 440 or of poetry. ``development`` is true of what is
    not installed on a server, by the name of its file or group.
    """

    name: str
    version: str
    specifier: str
    place: Place
    development: bool = False


@record
class Advisory:
    """A published advisory on a requirement: its names, and the versions that are mended."""

    requirement: Requirement
    ids: tuple[str, ...]
    fixed: tuple[str, ...] = ()

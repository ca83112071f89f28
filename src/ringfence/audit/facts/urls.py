"""What is known of the resolved URLs."""

from __future__ import annotations

from ringfence.audit.facts.values import Place
from ringfence.records import record

__all__ = ["Route"]


@record
class Route:
    """A URL of the site and the view behind it, as far as both are known.

    ``pattern`` is joined of all includes on the way, with ``?`` where a part is not known.
    ``kind`` is ``"function"``, ``"class"``, ``"api"`` (a view of an API framework), ``"unknown"``
    (a view that is not in the tree), ``"include"`` (of what is not in the tree) or ``"static"``.
    """

    pattern: str
    kind: str
    #: The view's full name: where it is defined, if that is known.
    view: str
    #: The entry in the URL file, and the view's definition.
    place: Place
    defined: Place | None = None
    #: Whether it was reached from ``ROOT_URLCONF``; only under a test of ``DEBUG``, or another.
    rooted: bool = False
    debug: bool = False
    conditional: bool = False
    #: The methods it answers, none if they are not known.
    methods: frozenset[str] = frozenset()
    #: What takes it out of CSRF protection, "" if nothing does: ``"decorator"``, ``"urls"``.
    exempt: str = ""
    #: ``"required"``, ``"open"``, or ``"unknown"`` where something may ask who it is.
    login: str = "unknown"
    #: What its body does: ``"writes"``, ``"queries"``, ``"asks"`` (who it is), ``"proof"`` (looks
    #: at a signature or a key), ``"fetched"`` (a GET comes to a write).
    does: frozenset[str] = frozenset()

"""The names under which the sites of a run are reached. Pure.

Every name is mapped to loopback in the browser, and no other name is known there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ATTACKER_HOST", "VICTIM_HOST", "Names", "names_for"]

#: Resolves to loopback in every browser (RFC 6761, section 6.3), and is a site of its own:
#: ``localhost`` is no public suffix, so ``victim.localhost`` is the registrable domain.
VICTIM_HOST = "victim.localhost"

#: ``.test`` is reserved (RFC 6761, section 6.2), so no registrable domain of the site's own can
#: share it: whatever comes from here is cross-site to the victim.
ATTACKER_HOST = "attacker.test"

#: Labels of letters, digits and hyphens, two at least (RFC 1123, section 2.1): what a certificate
#: and a resolver rule can hold.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}", re.ASCII)
_OF_DEVELOPERS = ("localhost", "local", "internal", "test", "example", "invalid")


@dataclass(frozen=True, slots=True)
class Names:
    """The hosts of a run.

    ``sibling`` is a subdomain of the victim's, which a browser calls same-site. ``suffixed`` ends
    as the victim's name does, ``prefixed`` begins so: what a careless comparison takes for it.
    """

    victim: str
    attacker: str = ATTACKER_HOST

    @property
    def sibling(self) -> str:
        """A subdomain of the victim's: another origin, the same site."""
        return f"sibling.{self.victim}"

    @property
    def suffixed(self) -> str:
        """A host whose name ends with the victim's and is none of its subdomains."""
        return f"x{self.victim}"

    @property
    def prefixed(self) -> str:
        """A host of the attacker's whose name begins with the victim's."""
        return f"{self.victim}.{self.attacker}"

    @property
    def of_attacker(self) -> tuple[str, ...]:
        """Every name that the attacker's server has a certificate for."""
        return (self.attacker, self.sibling, self.suffixed, self.prefixed)

    @property
    def all(self) -> tuple[str, ...]:
        """Every name that the browser may know."""
        return (self.victim, *self.of_attacker)


def names_for(allowed_hosts: Sequence[str]) -> Names:
    """Return the names of a run for a site with that ``ALLOWED_HOSTS``.

    The first real host is taken, so that what the site's settings say of it holds in the run;
    a developer's names, addresses and ``*`` name none.

    >>> names_for(["*", "127.0.0.1", ".shop.example.com"]).victim
    'www.shop.example.com'
    >>> names_for(["localhost"]).sibling
    'sibling.victim.localhost'
    """
    for allowed in allowed_hosts:
        host = allowed.lower()
        if host.startswith("."):
            host = f"www{host}"
        if _HOST.fullmatch(host) and host.rpartition(".")[2] not in _OF_DEVELOPERS:
            return Names(host)
    return Names(VICTIM_HOST)

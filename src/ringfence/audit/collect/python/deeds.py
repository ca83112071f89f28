"""What the text of a function says that it does: asks who it is, reads or writes the database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from ringfence.patterns import later

__all__ = ["deeds", "proofs"]


class _Said:
    """Words, one of which a text says or not.

    An alternation tries each word at each letter; looking for the words one by one takes a tenth of
    that. What is more than a word is a pattern, asked only where the text has the word before it.
    """

    def __init__(self, words: Sequence[str], patterns: Mapping[str, str]) -> None:
        self._words = words
        self._patterns = tuple((word, later(pattern)) for word, pattern in patterns.items())

    def within(self, text: str) -> bool:
        """Say whether one of them is in the text. Where case does not matter, both are lowered."""
        for word in self._words:
            if word in text:
                return True
        for word, pattern in self._patterns:
            if word in text and pattern.search(text) is not None:
                return True
        return False


#: What a function calls when something other than a cookie says who asks.
_PROOF: Final = _Said(
    (
        *("signature", "hmac", "compare_digest", "webhook", "construct_event", "verify_"),
        *("_verify", "bearer", "authorization", "apikey", "api_key", "access_token", "jwt"),
        *("oauth", "basicauth", "basic_auth", "check_token", "validate_request", "saml"),
        *("openid", "oidc", "client_secret", "assertion", "bot_token", "introspect"),
    ),
    {"ipn": r"\bipn\b"},
)
#: What a function says when it asks who it is that sends the request, or shows everyone their own.
_ASKS: Final = _Said(
    (
        *("authenticat", "is_anonymous", "is_staff", "is_superuser", "permission", "forbidden"),
        *("request.user", "login", "_can_", "is_owner", "is_admin", "is_member", "access"),
        *("allowed", "policy", "unsign", "token", "secret", "password", ".customer", "_role"),
        "http404",
    ),
    {
        "has_": r"has_\w{0,30}perm",
        ".session": r"\.session\b",
        "can_": r"\bcan_\w",
        "auth": r"\bauth\b",
        "sign": r"\bsign",
    },
)
#: A function that gets the request may ask, too: what it is handed on to, and the name before that.
_HANDS_ON: Final = re.compile(r"\(\s*(?:self\.)?request\s*[,)]")
_HANDED_TO: Final = re.compile(r"(?<!def )\b\w{1,60}\Z")
#: Of the text before it so much is looked at: the longest name, and ``def``.
_BEFORE: Final = 70
_NEVER_ASK: Final = frozenset(
    {
        *("render", "TemplateResponse", "RequestContext", "success", "error", "info", "warning"),
        *("add_message", "dispatch", "get", "post", "put", "patch", "delete", "list", "create"),
        *("update", "retrieve", "destroy", "get_current_site", "get_language_from_request"),
    }
)
_WRITES: Final = _Said(
    (
        *(".save(", ".delete(", ".create(", ".get_or_create(", ".update_or_create("),
        *(".bulk_create(", ".bulk_update(", ".soft_delete(", ".perform_create(", ".asave("),
        *(".adelete(", ".acreate("),
    ),
    {".update(": r"objects[^\n]{0,200}\.update\("},
)
#: Writes of which nobody else sees anything.
_OWN: Final = later(
    r"(?i)(?:cache|session|storage|cookie|logger|(?<!pro)file|image|workbook)\w{0,20}\.\w{1,20}\("
)
_QUERIES: Final = _Said(
    ("get_object_or_404", "get_list_or_404", "get_queryset", ".get_object("),
    {".objects": r"\.objects\b"},
)
#: Writes that only keep count of visits.
_COUNTS: Final = later(
    r"(?i)\+=\s?1\b|\bF\(|last_?(?:seen|login|visit|access|read|used|active)|view_?count|_views\b"
    r"|\bhits\b|mark_(?:as_)?(?:read|seen)|(?:is_|\.)(?:read|seen|viewed)\s?="
)


def deeds(body: str) -> set[str]:
    """Return which of "asks", "writes", "queries" and "counts" the text of a function says.

    >>> sorted(deeds("Order.objects.create(user=request.user)"))
    ['asks', 'queries', 'writes']
    >>> deeds("cache.delete(key)"), deeds("return render(request, 'a.html')")
    (set(), set())
    >>> deeds("return answer(request, order)")
    {'asks'}
    """
    found: set[str] = set()
    if _ASKS.within(body.lower()) or _hands_on(body):
        found.add("asks")
    if _QUERIES.within(body):
        found.add("queries")
    if _WRITES.within(body) and _WRITES.within(_OWN.sub("", body)):
        found.add("writes")
        if _COUNTS.search(body):
            found.add("counts")
    return found


def proofs(body: str, reads: AbstractSet[str]) -> set[str]:
    """Return ``"proof"`` if the function looks at what, other than a cookie, says who asks."""
    if "request.COOKIES" in reads:
        return set()  # whatever is looked at may come with a cookie
    return {"proof"} if _PROOF.within(body.lower()) else set()


def _hands_on(body: str) -> bool:
    """Say whether the request is given to a function that may ask."""
    for match in _HANDS_ON.finditer(body):
        start = match.start()
        name = _HANDED_TO.search(body[max(0, start - _BEFORE) : start])
        if name is not None and name[0] not in _NEVER_ASK:
            return True
    return False

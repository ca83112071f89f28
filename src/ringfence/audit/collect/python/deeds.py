"""What the text of a function says that it does: asks who it is, reads or writes the database."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

__all__ = ["deeds", "proofs"]

#: What a function calls when something other than a cookie says who asks.
_PROOF: Final = re.compile(
    r"(?i)signature|hmac|compare_digest|webhook|construct_event|verify_|_verify|bearer|authorization"
    r"|api_?key|access_token|jwt|oauth|basic_?auth|check_token|validate_request|\bipn\b|saml|openid"
    r"|oidc|client_secret|assertion|bot_token|introspect"
)
#: What a function says when it asks who it is that sends the request, or shows everyone their own.
_ASKS: Final = re.compile(
    r"(?i)is_authenticated|is_anonymous|is_staff|is_superuser|has_\w{0,30}perm|permission|forbidden"
    r"|request\.user|\.session\b|login|\bcan_\w|_can_|is_owner|is_admin|is_member|authenticat"
    r"|\bauth\b|access|allowed|policy|unsign|\bsign|token|secret|password|\.customer|_role|Http404"
)
#: A function that gets the request may ask, too.
_HANDS_ON: Final = re.compile(r"(?<!def )\b(\w{1,60})\(\s*(?:self\.)?request\s*[,)]")
_NEVER_ASK: Final = frozenset(
    {
        *("render", "TemplateResponse", "RequestContext", "success", "error", "info", "warning"),
        *("add_message", "dispatch", "get", "post", "put", "patch", "delete", "list", "create"),
        *("update", "retrieve", "destroy", "get_current_site", "get_language_from_request"),
    }
)
_WRITES: Final = re.compile(
    r"\.(?:save|delete|create|get_or_create|update_or_create|bulk_create|bulk_update|soft_delete"
    r"|perform_create|asave|adelete|acreate)\(|objects[^\n]{0,200}\.update\("
)
#: Writes of which nobody else sees anything.
_OWN: Final = re.compile(
    r"(?i)(?:cache|session|storage|cookie|logger|(?<!pro)file|image|workbook)\w{0,20}\.\w{1,20}\("
)
_QUERIES: Final = re.compile(
    r"\.objects\b|get_object_or_404|get_list_or_404|get_queryset|\.get_object\("
)
#: Writes that only keep count of visits.
_COUNTS: Final = re.compile(
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
    handed = (match[1] for match in _HANDS_ON.finditer(body))
    if _ASKS.search(body) or any(name not in _NEVER_ASK for name in handed):
        found.add("asks")
    if _QUERIES.search(body):
        found.add("queries")
    if _WRITES.search(body) and _WRITES.search(_OWN.sub("", body)):
        found.add("writes")
        if _COUNTS.search(body):
            found.add("counts")
    return found


def proofs(body: str, reads: AbstractSet[str]) -> set[str]:
    """Return ``"proof"`` if the function looks at what, other than a cookie, says who asks."""
    if "request.COOKIES" in reads:
        return set()  # whatever is looked at may come with a cookie
    return {"proof"} if _PROOF.search(body) else set()

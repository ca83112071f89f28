"""URLs: read as a browser does, judged over the whole value however it was put together.

A link's scheme may come from the template, from a variable, or half from each. The state keeps
what has been written until the scheme is decided, and, where code is loaded, until the host is;
behind that a value can only name another path, and comes out as it is.

Standard: https://url.spec.whatwg.org/#url-parsing
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from ringfence.patterns import later
from ringfence.rings.escaping import js
from ringfence.rings.escaping.language import REFUSED, Refused, Trust, Value, blocking
from ringfence.rings.escaping.schemes import (
    CODE_ROLES,
    DEFAULT_SCHEMES,
    REFUSED_SCHEMES,
    SPECIAL,
    allowed_scheme,
    decode_references,
    origin_of,
    scheme_of,
    without_breaks,
)
from ringfence.rings.escaping.typed import SafeURL
from ringfence.rings.escaping.url_list import Refresh, Separated, SourceSet, UrlPart

__all__ = ["DEFAULT_SCHEMES", "Url", "start"]

Phase = Literal[
    "start",  # nothing but spaces yet
    "scheme",  # could still become a scheme
    "authority",  # slashes, or a host that has not ended
    "path",
    "query",
    "param",  # directly behind `=`: a parameter's value begins
    "fragment",
    "js",  # behind `javascript:`
    "data",  # behind `data:`, before the comma
    "payload",  # behind that comma
    "refused",
]

_CONTEXT = {
    "start": "whole URL",
    "scheme": "URL, where a scheme is still possible",
    "authority": "URL host",
    "path": "URL path",
    "query": "URL query",
    "param": "URL parameter",
    "fragment": "URL fragment",
    "data": "type of a data: URL",
    "payload": "content of a data: URL",
    "refused": "URL that runs code",
}

_BLANKS = "".join(map(chr, range(0x21)))
_NAME = later(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)
_AUTHORITY = later(r"(?:([a-z]+):)?([/\\]*)([^/\\?#]*)", re.IGNORECASE)
_ORDINARY = later(r"/[\w.-]|(https?)://[\w.-]+/", re.ASCII)
_ENCODED = later(r"%[0-9A-Fa-f]{2}")
# What would end a parameter, and what servers read as a space.
_PARAMETER = str.maketrans({"&": "%26", "#": "%23", "+": "%2B"})
_PLAIN_DATA = later(
    r"data:(?:text/(?:plain|csv|vcard|calendar|markdown)|application/(?:json|octet-stream|pdf|zip)"
    r"|image/(?:png|gif|jpeg|webp|avif|bmp)|audio/[\w.+-]+|video/[\w.+-]+)?(?:;[\w.+=\"-]*)*,"
)
# The longest scheme of the lists is far shorter: what is cut off here is on none of them.
_LONGEST_SCHEME = 40
# Longer than a host may be (RFC 1035, 2.3.4): what is cut off here is refused as a host.
_LONGEST_HOST = 300
_LONGEST_TYPE = 128

_WEB = ("https", "http")
_LOADING = frozenset(_WEB)
# A web socket is trusted as the site of that name is.
_AS_WEB = {"ws": "http", "wss": "https"}
_STREAMING = _LOADING | frozenset(_AS_WEB)

_WHOLE = f"about:invalid#{REFUSED}"
# "^" is a forbidden host code point (URL standard, 3.1): such an address cannot be parsed, so that
# nothing is asked for, not even a name.
_HOSTLESS = f"{REFUSED}^"

# The line separators are ends of lines in JavaScript; of other bytes it is enough that they are
# none of its punctuation.
_SEPARATOR = later(r"%e2%80%a([89])", re.IGNORECASE)
_UNFINISHED = later(r"%(?:[0-9a-f]?|e2(?:%(?:8(?:0(?:%a?)?)?)?)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Url:
    """The state of one URL.

    ``prefix`` is what was written so far, normalised, as long as it still decides something.
    ``volatile`` says that it came from a variable: such a state should not be remembered, and
    ``block`` has to be asked before literal text follows.
    """

    role: str
    phase: Phase = "start"
    prefix: str = ""
    volatile: bool = False
    inner: js.JavaScript | None = None

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        if self.inner is not None:
            return f"{self.inner.context} in a javascript: URL"
        return _CONTEXT[self.phase]

    def feed(self, text: str) -> Url:
        """Return the state behind the literal ``text``."""
        if self.phase in {"fragment", "payload", "refused"}:
            return self
        if self.phase in {"path", "query", "param"}:
            return self._tail(text)
        if self.phase == "js":
            return self._script(text)
        head = self._head(text)
        return self if head == self.prefix else self._read(head)

    def _head(self, text: str) -> str:
        text = without_breaks(text)
        return text.lstrip(_BLANKS) if self.phase == "start" else self.prefix + text

    def _read(self, head: str) -> Url:
        if self.phase == "authority":
            return self._authority(head)
        if self.phase == "data":
            return self._data(head)
        name = _NAME.match(head)
        end = name.end() if name else 0
        if end == len(head):
            prefix = head[:_LONGEST_SCHEME].lower()
            return Url(self.role, "scheme", prefix, self.volatile)
        if end and head[end] == ":":
            return self._behind_scheme(head[:end].lower(), head[end + 1 :])
        if head[0] in "/\\":
            return self._authority(head)
        return _at(self.role, "path").feed(head)

    def _behind_scheme(self, scheme: str, rest: str) -> Url:
        if scheme == "javascript":
            return Url(self.role, "js", inner=js.start("handler")).feed(rest)
        if scheme == "data":
            return self._data("data:" + rest)
        if scheme == "connect" and self.role == "stream" and not self.volatile:
            # htmx 1: hx-ws="connect:/chat/".
            return Url(self.role).feed(rest)
        if scheme in SPECIAL:
            return self._authority(f"{scheme}:{rest}")
        if scheme in REFUSED_SCHEMES or (scheme != "about" and self.role in CODE_ROLES):
            return _at(self.role, "refused")
        return _at(self.role, "path").feed(rest)

    def _authority(self, head: str) -> Url:
        match = _AUTHORITY.match(head)
        assert match is not None
        scheme, slashes, host = match.groups()
        rest = head[match.end() :]
        if scheme is None and len(slashes) == 1 and (host or rest):
            return _at(self.role, "path").feed(host + rest)
        if rest:
            return _at(self.role, "path").feed(rest)
        # Only where code is loaded is anyone interested in the host's name.
        host = host[:_LONGEST_HOST].lower() if self.role in CODE_ROLES else host and "x"
        begun = "//" if host else "//"[: len(slashes)]
        prefix = (f"{scheme.lower()}:" if scheme else "") + begun + host
        # A host that a variable began, and no slash or scheme, which are of a few kinds.
        volatile = self.volatile and self.phase == "authority" and self.prefix[-1:] not in "/:"
        return Url(self.role, "authority", prefix, volatile)

    def _data(self, head: str) -> Url:
        if self.role in {"image", "media"}:
            return _at(self.role, "payload")
        if self.role in CODE_ROLES:
            return _at(self.role, "refused")
        head, comma, _ = head.partition(",")
        if comma and _PLAIN_DATA.fullmatch(head.lower() + comma):
            return _at(self.role, "payload")
        if comma or len(head) > _LONGEST_TYPE:
            return _at(self.role, "refused")
        return Url(self.role, "data", head.lower(), self.volatile)

    def _tail(self, text: str) -> Url:
        if "#" in text:
            return _at(self.role, "fragment")
        text = text.rstrip("\t\n\r")
        if self.phase == "path" and "?" not in text:
            return self
        if not text:
            return self
        return _at(self.role, "param" if text.endswith("=") else "query")

    def _script(self, text: str) -> Url:
        assert self.inner is not None
        text = self.prefix + without_breaks(text)
        pending = ""
        for size in range(min(len(text), 8), 0, -1):
            if _UNFINISHED.fullmatch(text, len(text) - size):
                pending = text[-size:]
                break
        return self._at_script(self.inner.feed(_percent(text, pending)), pending)

    def _at_script(self, inner: js.JavaScript, pending: str = "") -> Url:
        return Url(self.role, "js", pending, inner.volatile, inner)

    def of_data(self) -> Url:
        """Return this state as one that a variable led to."""
        if self.inner is not None:
            return replace(self, volatile=True, inner=self.inner.of_data())
        return replace(self, volatile=True) if self.prefix else self

    def write(self, value: Value, trust: Trust) -> tuple[str, Url]:
        """Return ``value`` as a part of this URL, and the state behind it.

        Of vouched markup the character references are resolved: the text is always undecorated,
        to be encoded for the attribute by the caller.

        :raises Refused: where the URL would run code, or load it from an origin that is not
            trusted.
        """
        text = decode_references(value.text) if value.vouched else value.text
        text, behind = self.write_text(value, text, trust)
        if text and behind.phase == "param":
            # The equals sign was the value's: what comes next is not a parameter by itself.
            behind = replace(behind, phase="query")
        return text, behind

    def write_text(self, value: Value, text: str, trust: Trust) -> tuple[str, Url]:
        """Do as ``write`` does, with ``text``: a piece of ``value``, references resolved."""
        match self.phase:
            case "path" | "fragment":
                return text, self.feed(text)
            case "query" | "param":
                return self._write_query(value, text)
            case "payload":
                return (text if _ENCODED.search(text) else text.replace("#", "%23")), self
            case "js":
                return self._write_script(value, trust)
            case "refused" | "data":
                raise Refused(
                    "A variable in a URL whose scheme runs code, or shows what it is given.",
                    "Write an http(s) address, and fetch or build the content in a script.",
                )
        return self._write_head(value, text, trust)

    def _write_query(self, value: Value, text: str) -> tuple[str, Url]:
        as_written = value.vouched or "urlencode" in value.filters
        if self.phase == "param" and not as_written and not _ENCODED.search(text):
            text = text.translate(_PARAMETER)
        return text, self._tail(text)

    def _write_script(self, value: Value, trust: Trust) -> tuple[str, Url]:
        assert self.inner is not None
        # `%` or `%2`, and the value's first characters would finish a byte that nobody wrote.
        if self.prefix and not _ENCODED.fullmatch(self.prefix[-3:]):
            raise Refused(
                "A variable directly behind a percent sign in a javascript: URL.",
                "Write %25 for a percent sign in a URL, or better: a button and a script.",
            )
        inner = self.inner.feed(_percent(self.prefix, ""))
        text, inner = inner.write(value, trust)
        return text, self._at_script(inner)

    def _write_head(self, value: Value, text: str, trust: Trust) -> tuple[str, Url]:
        if self.phase == "start":
            behind = self._ordinary(text, trust)
            if behind is not None:
                return text, behind
        head = self._head(text)
        if head == self.prefix:
            if self.role in CODE_ROLES and self.prefix[-1:] in "/\\" and self.prefix:
                raise Refused(
                    "An empty value between two slashes would make what follows a host.",
                    "Give the path segment a value.",
                    by_place=False,
                )
            return text, self
        typed = isinstance(value.raw, SafeURL) and self.phase != "scheme"
        if not typed:
            self._judge_scheme(head, trust)
        behind = self._read(head)
        if self.role in CODE_ROLES and not typed and not self._may_load(head, behind, trust):
            raise Refused(
                "The variable decides which host code is loaded from, and this host is not one "
                "that the site trusts.",
                "Write the host in the template, allow it in the policy's source list for this "
                "kind of resource, or vouch for the address with SafeURL.",
                by_place=False,
                placeholder=self._placeholder(),
            )
        if behind.phase == "authority" and self.role not in CODE_ROLES:
            return text, behind
        return text, behind.of_data()

    def _ordinary(self, text: str, trust: Trust) -> Url | None:
        # Most addresses by far are `/path` or `https://host/path`: these need no closer look.
        match = _ORDINARY.match(text)
        if match is None or text[-1] <= " ":
            return None
        scheme = match[1]
        if scheme and (scheme not in trust.schemes or self.role in CODE_ROLES):
            return None
        path = _at(self.role, "path")
        return path.feed(text) if "?" in text or "#" in text else path

    def _judge_scheme(self, head: str, trust: Trust) -> None:
        scheme = None if self.phase == "authority" else scheme_of(head)
        if scheme is None or allowed_scheme(scheme, head, self.role, trust.schemes):
            return
        raise Refused(
            f"The variable makes this URL's scheme {scheme[:_LONGEST_SCHEME]!r}, which is not one "
            f"that a variable may bring here.",
            "Check the address before it is stored; allow a harmless scheme in the settings; or "
            "vouch for this one with SafeURL.",
            by_place=False,
            placeholder=self._placeholder(),
        )

    def _may_load(self, head: str, behind: Url, trust: Trust) -> bool:
        match = _AUTHORITY.match(head)
        assert match is not None
        scheme, slashes, host = match.groups()
        if scheme is None and len(slashes) < 2:
            return True
        if not host:
            # `https:`, with the slashes to come. `about:blank` has no host, and no need of one.
            bare = scheme is not None and not slashes and behind.phase == "authority"
            return bare or (scheme or "").lower() == "about"
        if scheme is not None and scheme.lower() not in self._web_schemes:
            return scheme.lower() == "about"
        if self.role == "stream":
            scheme = scheme and _AS_WEB.get(scheme.lower(), scheme)
        # Without a scheme the page's own holds, which the trust knows and this does not.
        origins = [origin_of(each, host) for each in ([scheme.lower()] if scheme else _WEB)]
        return any(each and trust.may_load(each, CODE_ROLES[self.role]) for each in origins)

    @property
    def _web_schemes(self) -> frozenset[str]:
        return _STREAMING if self.role == "stream" else _LOADING

    def _placeholder(self) -> str:
        if self.phase == "start":
            # A <base> that cannot be resolved against would take every relative link with it.
            return REFUSED if self.role == "base" else _WHOLE
        if self.phase == "scheme" or self.prefix == "/":
            return REFUSED
        if self.volatile and not self.prefix.endswith(":"):
            return f"/{REFUSED}"
        return f"//{_HOSTLESS}" if self.prefix.endswith(":") else _HOSTLESS

    def block(self, text: str, trust: Trust | None = None) -> str | None:
        """Return what has to stand before the literal ``text`` to keep it harmless, if anything.

        A variable may write ``javascript``, which is a fine file name, and the template's own
        text may go on with a colon. Feed what is returned here as literal text, then ``text``.

        >>> behind = Url("navigate", "scheme", "javascript", volatile=True)
        >>> behind.block(":alert(1)")
        'ringfence-refused'
        >>> behind.block("/guide") is None
        True
        """
        text = without_breaks(text)
        if not self.volatile or not text:
            return None
        if self.inner is not None:
            return blocking(self.inner, _percent(self.prefix + text, "")) or None
        if self.phase == "authority":
            return self._block_host(text)
        if self.phase != "scheme":
            return None
        head = self.prefix + text
        scheme = scheme_of(head)
        schemes = DEFAULT_SCHEMES if trust is None else trust.schemes
        if scheme is None or allowed_scheme(scheme, head, self.role, schemes):
            return None
        return REFUSED

    def _block_host(self, text: str) -> str | None:
        slashed = text[0] in "/\\"
        if self.prefix == "/":
            return "." if slashed else None
        if self.prefix.endswith(":"):
            return None if slashed and text[1:2] in {"/", "\\"} else f"//{_HOSTLESS}/"
        return None if slashed or text[0] in "?#" else "/"


@functools.lru_cache(maxsize=256)
def _at(role: str, phase: Phase) -> Url:
    return Url(role, phase)


def _percent(text: str, pending: str) -> str:
    text = text[: len(text) - len(pending)]
    if "%" not in text:
        return text
    text = _SEPARATOR.sub(lambda match: "\u2028" if match[1] == "8" else "\u2029", text)
    return unquote(text, encoding="latin-1")


def start(role: str) -> UrlPart:
    """Return the state before the first character of an attribute of the given ``role``.

    ``role`` is what ``attributes.language_of`` says, without its ``url:``: ``navigate``,
    ``image``, ``media``, those of ``CODE_ROLES``, or one of the lists: ``srcset``, ``ping``,
    ``animate``, ``refresh`` and ``meta`` (a <meta> of which it is not known whether it
    refreshes).

    >>> start("navigate").feed("https://example/?q=").context
    'URL parameter'
    """
    match role.removeprefix("url:"):
        case "srcset":
            return SourceSet(Url("image"), Url("image"))
        case "ping":
            return Separated("ping", Url("ping"), Url("ping"))
        case "animate":
            return Separated("animate", Url("navigate"), Url("navigate"))
        case "refresh":
            return Refresh(Url("navigate"))
        case "meta":
            return Refresh(Url("navigate"), certain=False)
        case single:
            return Url(single)

"""Hostile requests by the thousand: valid, nearly valid, and garbage, from a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.hostile.reference import DOMAIN, SECRET, SHOP, Request

_OWN = f"https://{DOMAIN}"
_VALID_ORIGINS = (
    _OWN,
    f"http://{DOMAIN}",
    f"{_OWN}:443",
    f"{_OWN}:8443",
    f"https://a.{SHOP}",
    "https://checkout.partner.example.org",
    "https://eu.cdn.example.org",
    "https://cdn.example.org",
    "https://legacy.example.org",
    "https://app.example.net",
    "https://app.example.net:8443",
    "https://b.widgets.example.net",
    "http://app.example.net",
    "https://attacker.example",
    "https://blog.example.com",
    "http://[::1]:8000",
    "null",
)
#: What parsers have stumbled over: separators, white space that only some take for such, bytes
#: outside ASCII, letters that change under lower() and upper(), format-string and log characters.
_HOSTILE = [
    *" \t:/@?#\\%,;[]<>\"'=*._-~^|{}$",
    *"\x7f\x80\x85\xa0\xad\xc0\xdf\xe4\xff",
    "//",
    "..",
    "%00",
    "%2e",
    "{0}",
    "%s",
    "${jndi:",
    "xn--",
]
#: What no server passes, but a broken one or a test client may.
_IMPOSSIBLE = ["\ud800", "\udcff", "\u017f", "\u0130", "\uff0e", "\u3002", "\U0001f600", "\u202e"]
_METHODS = ("GET",) * 5 + ("POST",) * 8 + ("PUT", "PATCH", "DELETE", "HEAD", "TRACE", "PURGE")
_SITES = ("same-origin",) * 6 + ("cross-site",) * 4 + ("none", "same-site", "same-site")
_MODES = ("navigate", "navigate", "cors", "no-cors", "same-origin", "websocket")
_DESTS = ("document", "document", "empty", "image", "script", "iframe", "object", "embed", "frame")


class Generator:
    """A source of requests; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def requests(self, count: int) -> Iterator[Request]:
        """Yield ``count`` requests."""
        for number in range(count):
            yield self.request(number)

    def request(self, number: int) -> Request:
        """Return one request."""
        chance = self.random.random
        headers: dict[str, str] = {}
        scheme = "https" if chance() < 0.85 else "http"
        if chance() < 0.97:
            headers["host"] = self._host()
        if chance() < 0.7:
            headers["sec-fetch-site"] = self._value(_SITES, 0.12)
        if chance() < 0.65:
            headers["origin"] = self._origin(scheme, headers.get("host", DOMAIN))
        if chance() < 0.7:
            headers["sec-fetch-mode"] = self._value(_MODES, 0.1)
        if chance() < 0.7:
            headers["sec-fetch-dest"] = self._value(_DESTS, 0.1)
        self._add_credentials(headers, scheme)
        method = self.random.choice(_METHODS)
        if chance() < 0.15:
            method = "OPTIONS"
            self._add_preflight(headers)
        # RFC 9112, section 5.1: a server takes off the white space around a value.
        return Request(
            number, scheme, method, {name: value.strip(" \t") for name, value in headers.items()}
        )

    def _add_credentials(self, headers: dict[str, str], scheme: str) -> None:
        chance = self.random.random
        if chance() < 0.75:
            host = headers.get("host", DOMAIN) if chance() < 0.7 else self._host()
            headers["referer"] = self._value((f"{scheme}://{host}/form/?a=b",), 0.2)
        if chance() < 0.85:
            headers["cookie"] = self._cookies()
        if chance() < 0.6:
            headers["x-csrftoken"] = self._value((SECRET,), 0.1)

    def _add_preflight(self, headers: dict[str, str]) -> None:
        chance = self.random.random
        if chance() < 0.8:
            headers["access-control-request-method"] = self._value(
                ("PUT", "POST", "GET", "DELETE", "PATCH"), 0.15
            )
        if chance() < 0.6:
            headers["access-control-request-headers"] = self._value(
                ("content-type", "content-type,x-requested-with", "authorization", "x-other"),
                0.25,
            )
        if chance() < 0.7:
            headers["origin"] = self._value(("https://app.example.net",), 0.1)

    def _host(self) -> str:
        kind = self.random.random()
        if kind < 0.75:
            return DOMAIN
        if kind < 0.9:
            hosts = (f"{DOMAIN}:443", f"{DOMAIN}:8443", SHOP, f"a.{SHOP}", f"{DOMAIN}.", "[::1]")
            return self.random.choice((*hosts, DOMAIN.upper(), f"{DOMAIN}:99999", "127.0.0.1:80"))
        return self._mutated(self.random.choice((DOMAIN, f"a.{SHOP}")))

    def _origin(self, scheme: str, host: str) -> str:
        if self.random.random() < 0.35:
            return f"{scheme}://{host}"
        return self._value(_VALID_ORIGINS, 0.35)

    def _cookies(self) -> str:
        chance = self.random.random
        cookies = []
        if chance() < 0.7:
            cookies.append("sessionid=" + self._value(("s" * 32,), 0.1))
        if chance() < 0.7:
            cookies.append("csrftoken=" + self._value((SECRET,), 0.1))
        if chance() < 0.15:
            cookies.append(self._garbage())
        self.random.shuffle(cookies)
        # Django decodes this header alone again, from the latin-1 that PEP 3333 promises; where the
        # promise is broken it has no answer, with or without middlewares.
        return "; ".join(cookies).encode("latin-1", "replace").decode("latin-1")

    def _value(self, choices: tuple[str, ...], hostile: float) -> str:
        """Return one of the choices, with the given share of spoilt ones."""
        value = self.random.choice(choices)
        kind = self.random.random()
        if kind > hostile:
            return value
        if kind < hostile * 0.2:
            return self._garbage()
        return self._mutated(value)

    def _mutated(self, text: str) -> str:
        pick = self.random.randrange
        kind = pick(12)
        at = pick(len(text) + 1)
        if kind < 5:
            return text[:at] + self._character() + text[at + pick(2) :]
        if kind == 5:
            return text[:at] + text[at + 1 :]
        return (
            lambda: text + self.random.choice((", ", ",", " ", ";")) + text,
            text.upper,
            text.swapcase,
            lambda: text + "/" + self._garbage(),
            lambda: text.replace("://", f"://{self._character()}user@", 1),
            lambda: text[:at] + "a." * pick(1, 3000) + text[at:],
        )[kind - 6]()

    def _garbage(self) -> str:
        kind = self.random.randrange(6)
        if kind == 0:
            return ""
        if kind == 1:
            return self._character() * self.random.randrange(1, 4000)
        alphabet = [*_HOSTILE, *"aZ09", "https:", "null", "same-origin", DOMAIN]
        return "".join(self.random.choices(alphabet, k=self.random.randrange(1, 30)))

    def _character(self) -> str:
        rare = self.random.random() < 0.05
        return self.random.choice(_IMPOSSIBLE if rare else _HOSTILE)

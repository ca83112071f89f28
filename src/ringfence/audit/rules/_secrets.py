"""Which settings are secrets, and which values are only examples of one."""

from __future__ import annotations

import re
from typing import Final

from ringfence.finding import Confidence

__all__ = ["confidence_of", "is_common", "is_known_key", "is_placeholder", "is_secret_name"]

_SECRET: Final = re.compile(
    r"secret|passw(?:or)?d|passphrase|private_?key|api_?key|access_?key|auth_?key|signing_?key"
    r"|encryption_?key|token|credential|sensitive|_key$|^key$|_pass$|_pwd$|consumer_?key|apikey"
)
#: Names of secrets whatever else is in them.
_KEY: Final = re.compile(r"(?:encryption|signing|private|secret)_key$")
#: Names that only speak of secrets.
_ABOUT: Final = re.compile(
    r"public|publishable|site_?key|_url$|_uri$|class|valid|hasher|reset|timeout|_name$|field|header"
    r"|length|expir|lifetime|form|backend|template|path|file|_dir|redirect|_prefix|model|_type"
    r"|(?<!ad)min_|max_|_age$|algorithm|lookup|_id$|cache_?key|sort_?key|_param|enabled|required|policy"
    r"|_keys?_?name|primary_?key|foreign|permission|color|_ttl|rotat|blacklist|generator|handler"
    r"|serializer|view|_days|_hours|_minutes|_seconds|_chars|history|_level|storage|location"
    r"|csrf_token|tokenizer|cookie_name|_label|_text|_message|_format|_scheme|_method|_rate"
    r"|_limit|_attempts|change|forgot|_user$|social_auth\w{0,60}_key$|username|email|_host$|_port$|translat|anonymous"
)
_STRONG: Final = re.compile(
    r"secret|passw(?:or)?d|private_?key|api_?key|access_?key|signing_?key|encryption_?key|_token$"
)
_PLACEHOLDER: Final = re.compile(
    r"change|your|example|placeholder|dummy|fake|sample|test|todo|fixme|xxx|replace|insert|none"
    r"|null|undefined|foo|bar|\bkey\b|\.\.\.|<|\{|\$|not[-_ ]?(?:set|used|secret)|insecure|dev"
    r"|6leixact|local|default|demo|fill|enter|here|unset|empty|mock|stub",
)
_COMMON: Final = frozenset(
    {"password", "secret", "postgres", "root", "admin", "pass", "guest", "token", "mysql", "redis"}
)
_PROVIDERS: Final = re.compile(
    r"AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|(?:sk|rk)_live_[0-9A-Za-z]{16,120}|gh[pousr]_[0-9A-Za-z]{30,80}"
    r"|xox[abpr]-[0-9A-Za-z-]{10,100}|SG\.[\w-]{16,40}\.[\w-]{16,80}|AIza[\w-]{35}"
    r"|key-[0-9a-f]{32}|glpat-[\w-]{20,40}|sk-[A-Za-z0-9-]{32,80}"
)
_DOTTED: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}(?:\.[A-Za-z_][A-Za-z0-9_]{0,60}){1,12}")
_WORD: Final = re.compile(r"[A-Z][A-Z0-9_]{2,60}")


def is_secret_name(name: str) -> bool:
    """Whether a name is that of a secret.

    >>> is_secret_name("PAYMENT_SECRET"), is_secret_name("PASSWORD_RESET_TIMEOUT")
    (True, False)
    """
    lower = name.lower()
    if len(lower) >= 100:
        return False
    return bool(_KEY.search(lower)) or bool(_SECRET.search(lower) and not _ABOUT.search(lower))


def is_placeholder(value: str) -> bool:
    """Whether a value only shows where a secret goes, or is everybody's first guess.

    >>> is_placeholder("change-me"), is_placeholder("correct-horse-battery")
    (True, False)
    """
    lower = value.lower().strip()
    return lower in _COMMON or len(set(lower)) < 4 or bool(_PLACEHOLDER.search(lower[:200]))


def is_common(value: str) -> bool:
    """Whether a value is one of the first that anybody would try."""
    return value.lower().strip() in _COMMON


def is_known_key(value: str) -> bool:
    """Whether a value has the form that a provider gives its keys.

    >>> is_known_key("AKIA" + "ABCDEFGHIJKLMNOP")
    True
    """
    return bool(_PROVIDERS.fullmatch(value.strip()[:300])) and not is_placeholder(value)


def confidence_of(name: str, value: str, *, literal: bool) -> Confidence | None:
    """Return how likely a value is a secret in use; None if it is none at all.

    ``literal`` says that it is written out, and no default for what the environment should say.
    """
    text = value.strip()
    if len(text) < 4 or (text.isdigit() and len(text) < 6):
        return None
    if text.startswith("-----BEGIN") and "PRIVATE KEY" in text[:80]:
        return Confidence.HIGH
    if text.startswith(("/", "./", "~", "http://", "https://", "arn:", "env:")) or " " in text:
        return None
    if _DOTTED.fullmatch(text) or text.lower() == name.lower():
        return None
    strong = bool(_STRONG.search(name.lower()))
    if text.lower() in _COMMON:
        # Everybody's first guess, if it is in use.
        return Confidence.MEDIUM if literal and strong else Confidence.LOW
    if is_placeholder(text):
        return Confidence.LOW
    if _WORD.fullmatch(text) and not strong and not any(char.isdigit() for char in text):
        return Confidence.LOW
    varied = any(char.isdigit() for char in text) or len(text) >= 16
    if strong:
        return Confidence.HIGH if len(text) >= 8 and varied else Confidence.MEDIUM
    if "secret" in name.lower() or "sensitive" in name.lower():
        return Confidence.MEDIUM
    return Confidence.MEDIUM if varied and len(text) >= 12 else Confidence.LOW

"""What a site's TLS is like: whether its certificate is accepted, how long, and old protocols."""

from __future__ import annotations

import ssl
import time
import warnings
from contextlib import suppress
from typing import Final

from ringfence.audit.collect.live.wire import Target, UnreachableError, connected
from ringfence.audit.model import Tls

__all__ = ["inspect", "unverified"]

_SECONDS: Final = 10.0
_DAY: Final = 86_400
#: OpenSSL's numbers for what a verification can come to (x509_vfy.h).
_PROBLEMS: Final = {
    9: "early",
    10: "expired",
    18: "self",
    19: "self",
    62: "host",
    64: "host",
}
_OLD: Final = (("TLS 1.0", ssl.TLSVersion.TLSv1), ("TLS 1.1", ssl.TLSVersion.TLSv1_1))


def unverified() -> ssl.SSLContext:
    """Return a context that takes any certificate: what is wrong with it is known by then.

    Nothing that is secret is ever sent under it.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def inspect(target: Target) -> Tls:
    """Return what is found out by three connections that ask for nothing.

    :raises UnreachableError: if there is no TLS at all.
    """
    problem, days = "", None
    try:
        with connected(target, None, time.monotonic() + _SECONDS) as secure:
            days = _days(secure)
    except ssl.SSLCertVerificationError as error:
        problem = _PROBLEMS.get(error.verify_code, "untrusted")
    except ssl.SSLError as error:
        raise UnreachableError(f"TLS fails: {error.reason or error}") from error
    except TimeoutError as error:
        raise UnreachableError("no answer in time") from error
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise UnreachableError(f"it cannot be reached: {said}") from error
    return Tls(problem, days, tuple(name for name, version in _OLD if _agrees(target, version)))


def _days(secure: object) -> int | None:
    """Return the whole days that a certificate is valid for from now."""
    assert isinstance(secure, ssl.SSLSocket)
    certificate = secure.getpeercert() or {}
    until = certificate.get("notAfter")
    if not isinstance(until, str):
        return None
    return int((ssl.cert_time_to_seconds(until) - time.time()) // _DAY)


def _agrees(target: Target, version: ssl.TLSVersion) -> bool:
    """Whether the site speaks TLS of that version, where OpenSSL here can still try."""
    context = unverified()
    try:
        with warnings.catch_warnings():
            # Python, too, calls these versions old.
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version
            context.set_ciphers("ALL:@SECLEVEL=0")
    except (ssl.SSLError, ValueError):
        return False
    with suppress(OSError), connected(target, context, time.monotonic() + _SECONDS):
        return True
    return False

"""The response's nonce: made when it is first read, and at almost no cost before that."""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.functional import SimpleLazyObject, empty

if TYPE_CHECKING:
    _Base = Exception
    _LazyStr = SimpleLazyObject[str]
else:
    _LazyStr = SimpleLazyObject
    try:
        # Code that was written for django-csp catches its error.
        from csp.exceptions import CSPNonceError as _Base
    except ImportError:
        _Base = Exception

__all__ = ["Nonce", "NonceError"]


class NonceError(_Base):
    """Raised when a nonce is first read after its response's policy was written."""


def generate() -> str:
    """Return a fresh nonce: 128 random bits (CSP3, section 7.1) as 32 hexadecimal digits.

    They need no escaping anywhere in HTML and are, by the grammar, base64 (section 2.3.1).

    >>> len(generate())
    32
    """
    return urandom(16).hex()


def _sealed() -> NoReturn:
    raise NonceError(
        "The CSP nonce was read after the Content-Security-Policy header had been written, and "
        "nothing in the page read it before, so the header holds none. Read request.csp_nonce "
        "earlier: in the view, before a StreamingHttpResponse is returned, or in a middleware "
        "that stands below the one that writes the policy."
    )


class Nonce(_LazyStr):
    """A nonce that comes into being when it is read.

    ``bool(nonce)`` says whether it was read (as Django's and django-csp's do), ``str(nonce)``
    reads it; in a template, ``{{ csp_nonce }}`` reads it and ``{% if csp_nonce %}`` does not.

    :raises NonceError: on the first reading after :meth:`seal`.

    >>> nonce = Nonce()
    >>> bool(nonce), nonce.used
    (False, False)
    >>> len(str(nonce)), bool(nonce), str(nonce) == f"{nonce}"
    (32, True, True)
    """

    # One is made for each request, and most are never read: what SimpleLazyObject keeps in each
    # instance stands here once, and making one is then a plain object's making.
    _wrapped = empty
    _setupfunc = staticmethod(generate)
    __init__ = object.__init__  # takes no function, unlike its base

    def __str__(self) -> str:
        state = object.__getattribute__(self, "__dict__")
        value: str | None = state.get("_wrapped")
        if value is None:
            value = state["_wrapped"] = state.get("_setupfunc", generate)()
        return value

    __html__ = __str__

    def __format__(self, spec: str) -> str:
        value = self.__str__()
        return format(value, spec) if spec else value

    def __bool__(self) -> bool:
        return "_wrapped" in object.__getattribute__(self, "__dict__")

    def __eq__(self, other: object) -> bool:
        # A nonce is its own equal, which is no reason to bring it into being.
        return other is self or str(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return f"<Nonce: {str(self)!r}>" if self else "<Nonce: unused>"

    # A copy is the same response's nonce, be it read or not.
    def __copy__(self) -> Nonce:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Nonce:
        return self

    @property
    def used(self) -> bool:
        """Whether it was read, so that the policy must hold it."""
        return bool(self)

    def seal(self) -> None:
        """Make the first reading from now on an error: the policy has been written without it."""
        state = object.__getattribute__(self, "__dict__")
        if "_wrapped" not in state:
            state["_setupfunc"] = _sealed

    def lend(self) -> str | None:
        """Return the value without counting as a reading; None where it is sealed.

        For who can take it out of the page again. Whoever reads it later gets the same value.

        >>> nonce = Nonce()
        >>> lent = nonce.lend()
        >>> nonce.used, str(nonce) == lent
        (False, True)
        """
        state = object.__getattribute__(self, "__dict__")
        value: str | None = state.get("_wrapped")
        if value is None:
            make = state.get("_setupfunc")
            if make is None:
                value = generate()
                state["_setupfunc"] = value.__str__
            elif make is not _sealed:
                value = make()
        return value


def value_of(nonce: Nonce) -> str | None:
    """Return the nonce's value if it was read, else None: ``bool`` and ``str`` in one step."""
    value: str | None = object.__getattribute__(nonce, "__dict__").get("_wrapped")
    return value

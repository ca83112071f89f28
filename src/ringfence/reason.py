"""Why a request was refused: a typed reason, and a hint for the developer.

A reason is a ``str`` (what Django's failure views and loggers expect), so its class can be
matched and its text shown. Strangers see neither: the text goes to the log, to the signal and,
with ``DEBUG``, to the page.
"""

from __future__ import annotations

from typing import ClassVar, Self

#: What arrives in a header may be long; what is repeated of it in a reason is not.
SHOWN = 100


def shown(value: str) -> str:
    r"""Return a header's value as it may stand in a log line: quoted, ASCII, bounded.

    >>> shown("https://evil.example\r\nx")
    "'https://evil.example\\r\\nx'"
    """
    return ascii(value if len(value) <= SHOWN else value[:SHOWN] + "...")


class Reason(str):
    """A reason in words. ``hint`` says what a developer can do about it."""

    __slots__ = ("hint",)

    code: ClassVar[str] = "refused"
    hint: str

    def __new__(cls, text: str, hint: str = "") -> Self:
        """Make a reason of its text and a hint."""
        self = super().__new__(cls, text)
        self.hint = hint
        return self

"""Tests that only the environment decides, answered as they would be on a server."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from ringfence.audit.collect.settings.values import Ref
from ringfence.audit.collect.settings.world import Frame
from ringfence.audit.model import UNKNOWN

__all__ = ["DEVELOPMENT", "PRODUCTION", "TEST", "as_deployed"]

TEST: Final = frozenset(
    {"test", "tests", "testing", "ci", "pytest", "e2e", "unittest", "testutils", "testproject"}
)
DEVELOPMENT: Final = frozenset(
    {
        *("dev", "develop", "development", "devel", "local", "localhost", "debug", "sandbox"),
        *("vagrant", "localdev", "devserver", "sample", "example", "build", "docs", "doc"),
        *("devproject", "devsite"),
    }
)
PRODUCTION: Final = frozenset(
    {"prod", "production", "live", "prd", "deploy", "deployed", "deployment"}
)
_FLAG_PREFIXES: Final = ("is_", "in_", "running_", "use_", "env_", "django_")
_FLAG_SUFFIXES: Final = ("_mode", "_env", "_environment", "_server")

Evaluate = Callable[[ast.expr, Frame], Any]


def as_deployed(node: ast.expr, frame: Frame, evaluate: Evaluate) -> bool | None:
    """Return what a condition is on a server, ``None`` if it says nothing of servers.

    ``if DEBUG``, ``if TESTING`` are false and ``if PRODUCTION`` is true where nothing but the
    environment decides them; ``"test" in sys.argv`` is false; ``ENV == "production"`` is true.
    """
    if isinstance(node, ast.Name):
        return _flag(node.id) if _is_open(node, frame, evaluate) else None
    if isinstance(node, ast.Attribute):
        return _flag(node.attr) if evaluate(node, frame) is UNKNOWN else None
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    operation, right = node.ops[0], node.comparators[0]
    if isinstance(operation, (ast.In, ast.NotIn)) and _is_argv(right, frame, evaluate):
        return isinstance(operation, ast.NotIn)
    if not _is_open(node.left, frame, evaluate):
        return None
    answer = _named(evaluate(right, frame))
    if answer is None:
        return None
    return answer if isinstance(operation, (ast.Eq, ast.In, ast.Is)) else not answer


def _is_open(node: ast.expr, frame: Frame, evaluate: Evaluate) -> bool:
    """Whether the environment decides the value."""
    if isinstance(node, ast.Name) and node.id in frame.world.open_names:
        return True
    return evaluate(node, frame) is UNKNOWN


def _is_argv(node: ast.expr, frame: Frame, evaluate: Evaluate) -> bool:
    holder = node.value if isinstance(node, ast.Subscript) else node
    value = evaluate(holder, frame)
    if isinstance(value, Ref):
        return value.name in ("sys.argv", "sys.modules")
    return False


def _flag(name: str) -> bool | None:
    """Say what a flag of this name is on a server."""
    word = name.lower()
    for prefix in _FLAG_PREFIXES:
        word = word.removeprefix(prefix)
    for suffix in _FLAG_SUFFIXES:
        word = word.removesuffix(suffix)
    if word in TEST or word in DEVELOPMENT or word == "debug_toolbar":
        return False
    return True if word in PRODUCTION else None


def _named(value: Any) -> bool | None:
    """Say whether an environment of this name is the server's."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, (list, tuple, set, frozenset)) or not words:
        return None
    lower = {word.lower() if isinstance(word, str) else "" for word in words}
    if lower & PRODUCTION:
        return True
    return False if lower <= TEST | DEVELOPMENT else None

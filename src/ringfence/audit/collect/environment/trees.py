"""Readers of what has a structure: compose files and platforms' YAML, ``fly.toml``, ``app.json``.

YAML is read by PyYAML, of the extra ``audit``: anchors, merge keys, folded texts and flow style are
all usual in compose files, and a reader of our own that knew some of them would be wrong without
saying so. No object is made: the nodes of the document are looked at, which tell their lines, and
in which an alias is the node that it names, so that a bomb of aliases is never blown up.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

from ringfence.audit import toml
from ringfence.audit.collect.environment.parts import Parts, interpolated

__all__ = ["UnreadableError", "read_app_json", "read_fly", "read_yaml"]

#: PyYAML reads some hundred thousand characters a second.
_LONGEST: Final = 200_000
#: So many entries of one mapping, and so many mappings merged into one, are looked at.
_MOST: Final = 500
_MERGES: Final = 20
_SERVICES: Final = 100


class UnreadableError(Exception):
    """The file cannot be read; the message says why."""


def read_fly(parts: Parts) -> None:
    """Read ``[env]`` and ``[processes]`` of a ``fly.toml``.

    :raises UnreadableError: if it is no TOML.
    """
    try:
        document = toml.loads("\n".join(parts.lines))
    except toml.MalformedError as error:
        raise UnreadableError(f"no TOML: {error}"[:120]) from error
    for name, value in _items(document.get("env")):
        parts.variable(name, _scalar(value), parts.line_of(name))
    for name, value in _items(document.get("processes")):
        if isinstance(value, str):
            parts.command(value, parts.line_of(name))


def read_app_json(parts: Parts) -> None:
    """Read ``env`` of an ``app.json``: what an app is created with.

    :raises UnreadableError: if it is no JSON.
    """
    try:
        document = json.loads("\n".join(parts.lines))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no JSON: {error}"[:120]) from error
    env = document.get("env") if isinstance(document, dict) else None
    for name, value in _items(env):
        given = value.get("value") if isinstance(value, dict) else value
        parts.variable(name, _scalar(given), parts.line_of(name))


def _items(table: object) -> Iterator[tuple[str, Any]]:
    if isinstance(table, dict):
        yield from list(table.items())[:_MOST]


def _scalar(value: object) -> str | None:
    """Return a value as the environment has it: there are only texts in it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) and value is not None else None


def read_yaml(parts: Parts, form: str) -> None:
    """Read a compose file, or the YAML file of a platform.

    :raises UnreadableError: without PyYAML, or if it is no YAML.
    """
    try:
        yaml: Any = import_module("yaml")
    except ModuleNotFoundError:
        raise UnreadableError('PyYAML is missing: pip install "django-ringfence[audit]"') from None
    text = "\n".join(parts.lines)
    if len(text) > _LONGEST:
        raise UnreadableError(f"larger than {_LONGEST:,} characters")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise UnreadableError(f"no YAML: {' '.join(str(error).split())}"[:120]) from error
    except (RecursionError, ValueError) as error:
        raise UnreadableError("no YAML, or nested too deeply") from error
    _READERS[form](parts, root)


def _compose(parts: Parts, root: Any) -> None:
    for _, service in list(_pairs(_entry(root, "services")))[:_SERVICES]:
        variables = _entry(service, "environment")
        for key, value in _pairs(variables):
            parts.variable(_text(key), _value(value), _line(key))
        for item in _list(variables):
            key, is_given, value = _text(item).partition("=")
            parts.variable(key, interpolated(value) if is_given else None, _line(item))
        files = _entry(service, "env_file")
        for item in (files, *_list(files)):
            path = _text(item) or _text(_entry(item, "path"))
            if path:
                folder = posixpath.dirname(parts.path)
                parts.uses.append(posixpath.normpath(posixpath.join(folder, path)))
        _commands(parts, service, "entrypoint", "command")


def _app_yaml(parts: Parts, root: Any) -> None:
    for key, value in _pairs(_entry(root, "env_variables")):
        parts.variable(_text(key), _value(value), _line(key))
    _commands(parts, root, "entrypoint")


def _render(parts: Parts, root: Any) -> None:
    for service in _list(_entry(root, "services"))[:_SERVICES]:
        _render_variables(parts, service)
        _commands(parts, service, "startCommand")
    for group in _list(_entry(root, "envVarGroups"))[:_SERVICES]:
        _render_variables(parts, group)


def _render_variables(parts: Parts, holder: Any) -> None:
    for item in _list(_entry(holder, "envVars")):
        key, value = _entry(item, "key"), _entry(item, "value")
        if key is not None:
            parts.variable(_text(key), None if value is None else _value(value), _line(key))


def _heroku(parts: Parts, root: Any) -> None:
    run = _entry(root, "run")
    _commands(parts, run, "web")
    _commands(parts, _entry(run, "web"), "command")


def _commands(parts: Parts, holder: Any, *names: str) -> None:
    for name in names:
        node = _entry(holder, name)
        text = _text(node) or " ".join(map(_text, _list(node)))
        if text:
            parts.command(text, _line(node))


# Nodes: a document as PyYAML composes it.


def _pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of a mapping, then those that it merges (``<<``); no node twice."""
    waiting = [node]
    seen: set[int] = set()
    while waiting and len(seen) < _MERGES:
        each = waiting.pop(0)
        if getattr(each, "id", "") != "mapping" or id(each) in seen:
            continue
        seen.add(id(each))
        for key, value in each.value[:_MOST]:
            if key.tag == "tag:yaml.org,2002:merge":
                waiting.extend(_list(value)[:_MERGES] or [value])
            else:
                yield key, value


def _entry(node: Any, name: str) -> Any:
    """Return the value under ``name``, None if there is none: what is merged has the second say."""
    return next((value for key, value in _pairs(node) if _text(key) == name), None)


def _list(node: Any) -> list[Any]:
    return node.value[:_MOST] if getattr(node, "id", "") == "sequence" else []


def _text(node: Any) -> str:
    return node.value if getattr(node, "id", "") == "scalar" else ""


def _value(node: Any) -> str | None:
    if getattr(node, "id", "") != "scalar" or node.tag.endswith(":null"):
        return None
    return interpolated(node.value)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


_READERS: Final[dict[str, Callable[[Parts, Any], None]]] = {
    "compose": _compose,
    "app.yaml": _app_yaml,
    "render": _render,
    "heroku": _heroku,
}

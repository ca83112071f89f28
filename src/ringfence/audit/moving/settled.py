"""Whether settings, read again, have become what was planned, and nothing else has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from ringfence.audit.model import UNKNOWN, Setting, Settings
from ringfence.audit.moving.bench import HandError
from ringfence.audit.moving.plan import APP, Goal, alias_of, place_of
from ringfence.replaced import ENGINES, FENCE

__all__ = ["settle"]

_DENY: Final = ("DENY",)
Goals = Mapping[tuple[str, str], Goal]


def settle(
    before: Sequence[Settings],
    after: Sequence[Settings],
    goals: Iterable[Goal],
    allowed: Iterable[Goal] = (),
) -> None:
    """Compare each settings module with what it was.

    What has a goal is to be that; what is allowed one, of those that are not deployed, may be that,
    and everything else is to be what it was.

    :raises HandError: at the first setting that is something else.
    """
    aims = {(goal.site.module, goal.setting): goal for goal in goals}
    maybe = {(goal.site.module, goal.setting): goal for goal in allowed}
    found = {each.module: each for each in after}
    gone = {str.__str__(each) for goal in aims.values() for each in goal.gone}
    for site in before:
        now = found.get(site.module)
        if now is None or now.purpose != site.purpose or now.unread != site.unread:
            why = f"changed in the usual way, {site.module} would no more be what it is"
            raise HandError(place_of(site, "MIDDLEWARE", "INSTALLED_APPS"), why)
        for name in dict.fromkeys((*site.values, *now.values)):
            key = (site.module, name)
            if key in aims:
                right = _is(aims[key], site, now, strictly=True)
            else:
                old, new = site.values.get(name), now.values.get(name)
                right = (
                    _same(old, new)
                    or (key in maybe and _is(maybe[key], site, now, strictly=False))
                    or _is_part(old, new, gone)
                )
            if not right:
                why = f"changed in the usual way, {name} of {site.module} would not be right"
                raise HandError(place_of(site, name, "MIDDLEWARE"), why)


def _is(goal: Goal, site: Settings, now: Settings, *, strictly: bool) -> bool:
    setting = now.values.get(goal.setting)
    if setting is None:
        return False
    if goal.setting == "X_FRAME_OPTIONS":
        # What something unread may have changed is no surer than what it stands below.
        beside = site.values["MIDDLEWARE"].conditional
        return (setting.value,) == _DENY and setting.conditional == beside
    if goal.setting == "TEMPLATES":
        old, new = _engines(site), _engines(now)
        same = [_alias(each) for each in old] == [_alias(each) for each in new]
        backends = tuple(each.get("BACKEND", UNKNOWN) for each in new)
        for each in (*old, *new):
            each.pop("BACKEND", None)
            each.pop("NAME", None)
        return same and (_plain(old), _plain(backends)) == (_plain(new), _plain(goal.after))
    if not isinstance(setting.value, list | tuple):
        return False
    entries = [_entry(each) for each in setting.value]
    wanted = [_entry(each) for each in goal.after]
    if goal.setting == "INSTALLED_APPS":
        # Where our app stands among them does not matter; that it is there once does.
        own = (APP, False)
        if entries.count(own) != wanted.count(own):
            return False
        entries = [each for each in entries if each != own]
        wanted = [each for each in wanted if each != own]
    if not strictly:
        return sorted(map(repr, entries)) == sorted(map(repr, wanted))
    return entries == wanted


def _is_part(before: Setting | None, after: Setting | None, gone: AbstractSet[str]) -> bool:
    """Whether what a setting is made of has lost what goes, and got what comes in."""
    if before is None or after is None or before.conditional != after.conditional:
        return False
    old, new = before.value, after.value
    if isinstance(old, str):
        return str.__str__(old) in gone and _plain(ENGINES.get(old)) == _plain(new)
    if not isinstance(old, list | tuple) or type(old) is not type(new):
        return False
    kept = [each for each in map(_entry, old) if each[0] not in gone]
    come = [each for each in map(_entry, new) if each[0] not in (APP, FENCE)]
    return kept == come


def _entry(each: Any) -> tuple[object, bool]:
    """Return an entry without its place: what it says, and whether it may be there or not."""
    said = str.__str__(each) if isinstance(each, str) else UNKNOWN
    return said, bool(getattr(each, "conditional", False))


def _engines(site: Settings) -> list[dict[str, Any]]:
    value = site.get("TEMPLATES")
    is_list = isinstance(value, list | tuple)
    return [dict(each) for each in value if isinstance(each, dict)] if is_list else []


def _alias(engine: Mapping[str, Any]) -> Any:
    """Return what an engine is called: by code of whatever package, so that it has to stay."""
    backend = engine.get("BACKEND", UNKNOWN)
    named = engine.get("NAME", alias_of(backend) if isinstance(backend, str) else UNKNOWN)
    return _plain(named)


def _same(first: Setting | None, second: Setting | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.conditional == second.conditional and (
        (_plain(first.value), _plain(first.default))
        == (_plain(second.value), _plain(second.default))
    )


def _plain(value: Any) -> Any:
    """Return a value without the places of its strings, to be compared."""
    if isinstance(value, str):
        return _entry(value)
    if isinstance(value, list | tuple):
        return (type(value), [_plain(each) for each in value])
    if isinstance(value, dict):
        return [(_plain(key), _plain(each)) for key, each in value.items()]
    return value

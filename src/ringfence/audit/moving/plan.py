"""What moving in changes: facts -> what each setting is to become, in values and in sentences.

Pure: nothing is read here and nothing is written. The settings that a site has for what is replaced
are not touched, since ringfence honours them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from ringfence.audit.model import UNKNOWN, Place, Project, Settings
from ringfence.audit.moving.hands import ByHand, text_for
from ringfence.replaced import ENGINES, FENCE, PACKAGES, REPLACED, SINGLE

__all__ = ["APP", "Around", "Goal", "Plan", "alias_of", "is_same", "place_of", "plan"]

APP: Final = "ringfence"
_FRAMES: Final = "X_FRAME_OPTIONS"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a setting of one settings module is to become.

    ``before`` and ``after`` are the entries of a list, the backends of ``TEMPLATES`` in order, or
    one value. Those that stand in the source know where.
    """

    site: Settings
    setting: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]

    @property
    def gone(self) -> list[str]:
        """The strings that are there and are not to be."""
        return [each for each in self.before if isinstance(each, str) and each not in self.after]

    @property
    def place(self) -> Place:
        """Where the setting is given."""
        return place_of(self.site, self.setting, "MIDDLEWARE")

    @property
    def sentence(self) -> str:
        """What changes, for a reader."""
        gone = ", ".join(str.__str__(each) for each in self.gone)
        if self.setting == "MIDDLEWARE":
            first = str.__str__(self.after[0])
            return f"{first} comes first" + (f", in the place of {gone}" if gone else "")
        if self.setting == "INSTALLED_APPS":
            here = [] if _has_app(self.before) else [f"{APP} comes in"]
            going = "goes" if len(self.gone) == 1 else "go"
            return "; ".join([*here, *([f"{gone} {going}"] if gone else [])])
        if self.setting == "TEMPLATES":
            pairs = dict.fromkeys(zip(self.before, self.after, strict=True))
            return ", ".join(f"{old} becomes {new}" for old, new in pairs if old != new)
        return (
            '"DENY", which was Django\'s default here, is written out: '
            "ringfence's is that a site may frame its own pages"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All that moving in changes, and what somebody has to look at.

    ``notes`` are sentences about what stays, or what gets stricter.
    """

    sites: Sequence[Settings]
    goals: Sequence[Goal] = ()
    #: What other settings modules, of the same files, may become by it.
    allowed: Sequence[Goal] = ()
    by_hand: Sequence[ByHand] = ()
    notes: Sequence[str] = ()

    @property
    def sentences(self) -> list[str]:
        """What would change, one sentence for each setting of each settings module."""
        return list(
            dict.fromkeys(
                f"{goal.place.path}:{goal.place.line}: {goal.setting}: {goal.sentence}"
                for goal in self.goals
            )
        )


@dataclass(frozen=True, slots=True)
class Around:
    """What else matters of a tree.

    ``uses`` has for each app of :data:`~ringfence.replaced.PACKAGES` the places that need it,
    beside ``MIDDLEWARE`` and ``INSTALLED_APPS``; an app that is not in it stays. ``heirs`` has the
    tree's own classes, by dotted name, that build upon the fence or upon what it replaces, and upon
    which.
    """

    uses: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    heirs: Mapping[str, str] = field(default_factory=dict)


def plan(project: Project, around: Around = Around()) -> Plan:
    """Return what moving in changes in the settings that are deployed."""
    planning = _Planning(project, around)
    for site in project.settings:
        planning.middleware(site)
    for site in project.settings:
        planning.others(site)
    return Plan(
        list(project.deployed()),
        tuple(each for each in planning.goals if each.site.purpose == "deployed"),
        tuple(each for each in planning.goals if each.site.purpose != "deployed"),
        tuple(dict.fromkeys(planning.by_hand)),
        tuple(dict.fromkeys(planning.notes)),
    )


def is_same(first: Any, second: Any) -> bool:
    """Whether two entries say the same; what is unknown is the same as itself."""
    return first is second or (first == second and isinstance(first, str))


def alias_of(backend: str) -> str:
    """Return what an engine is called by its backend's path, where nothing else is said.

    >>> alias_of("django.template.backends.jinja2.Jinja2")
    'jinja2'
    """
    return backend.rpartition(".")[0].rpartition(".")[2]


def place_of(site: Settings, *names: str) -> Place:
    """Return where the first of these settings that is given is given."""
    found = (site.values[name].place for name in names if name in site.values)
    return next(found, Place(site.path, 1, 1))


@dataclass(slots=True)
class _Planning:
    project: Project
    around: Around
    goals: list[Goal] = field(default_factory=list)
    by_hand: list[ByHand] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def middleware(self, site: Settings) -> None:
        entries = self._entries(site, "MIDDLEWARE")
        if entries is None:
            return
        fence = next((each for each in entries if self._is_fence(each)), FENCE)
        replaced = _replaced(site)
        kept = [each for each in entries if each not in replaced and not is_same(each, fence)]
        if entries and entries[0] is UNKNOWN:
            why = "what comes first in it is known only when it runs"
            self._hand(site, "MIDDLEWARE", why, entries)
            return
        self._aim(Goal(site, "MIDDLEWARE", entries, (fence, *kept)))
        gone = [each for each in entries if each in replaced]
        self._stricter(site, [str.__str__(each) for each in entries if isinstance(each, str)])
        framed = any(each.endswith(".XFrameOptionsMiddleware") for each in gone)
        said = site.get("RINGFENCE")
        silent = said is None or (isinstance(said, dict) and "isolation" not in said)
        if framed and silent and _FRAMES not in site.values:
            self._aim(Goal(site, _FRAMES, (), ("DENY",)))

    def others(self, site: Settings) -> None:
        apps = self._entries(site, "INSTALLED_APPS")
        if apps is not None:
            going = [each for each in apps if self._goes(site, each)]
            first = () if _has_app(apps) else (APP,)
            after = (*first, *(each for each in apps if each not in going))
            self._aim(Goal(site, "INSTALLED_APPS", apps, after))
        engines = site.get("TEMPLATES")
        if engines is None or "escaping" in _off(site):
            return
        if not isinstance(engines, list | tuple) or not all(isinstance(e, dict) for e in engines):
            self._hand(site, "TEMPLATES", "what it holds is known only when it runs", ())
            return
        before = tuple(each.get("BACKEND", UNKNOWN) for each in engines)
        self._aim(Goal(site, "TEMPLATES", before, tuple(map(_engine, before))))
        for each in before:
            if isinstance(each, str) and each not in ENGINES and not each.startswith("ringfence."):
                self._note(
                    site,
                    f"the template engine {each} stays: ringfence has none in its place, and what "
                    "it renders is escaped as if it stood in HTML text.",
                )

    def _note(self, site: Settings, sentence: str) -> None:
        if site.purpose == "deployed":
            self.notes.append(f"{site.path}: {sentence}")

    def _aim(self, goal: Goal) -> None:
        if goal.before != goal.after:
            self.goals.append(goal)

    def _hand(self, site: Settings, setting: str, why: str, entries: Sequence[Any]) -> None:
        if site.purpose == "deployed":
            place = place_of(site, setting, "ROOT_URLCONF")
            text = text_for(setting, entries, missing=setting not in site.values)
            self.by_hand.append(ByHand(setting, place, why, text))

    def _entries(self, site: Settings, name: str) -> tuple[Any, ...] | None:
        """Return the entries of a list, None where they are not known and that is said."""
        value = site.get(name)
        if isinstance(value, list | tuple):
            return tuple(each if isinstance(each, str) else UNKNOWN for each in value)
        if name not in site.values:
            why = f"no {name} is set in {site.module}"
        else:
            why = "what it holds is known only when it runs"
        self._hand(site, name, why, ())
        return None

    def _is_fence(self, entry: object) -> bool:
        return entry == FENCE or (isinstance(entry, str) and self._parent(entry) == FENCE)

    def _parent(self, name: str) -> str:
        """Return what a class of the tree builds upon, as far as that matters here."""
        own = str.__str__(name)
        found = (
            parent
            for heir, parent in self.around.heirs.items()
            # The folder that is on the path may be one below the tree's root.
            if heir == own or heir.endswith(f".{own}")
        )
        return next(found, "")

    def _stricter(self, site: Settings, entries: Sequence[str]) -> None:
        for name in entries:
            if self._parent(name) in REPLACED:
                self._note(
                    site,
                    f"{name} builds upon a middleware that ringfence replaces, and stays: what it "
                    "does beside the fence is yours to judge.",
                )
        has_csrf = any("csrf" in name.rpartition(".")[2].lower() for name in entries)
        fenced = any(self._is_fence(name) for name in entries)
        if not (has_csrf or fenced or "csrf" in _said(site)):
            self._note(
                site,
                "no CSRF protection was in MIDDLEWARE, and the fence has one: what posts without a "
                "browser's headers needs a token then. "
                'RINGFENCE = {"csrf": False} keeps it off.',
            )

    def _goes(self, site: Settings, app: object) -> bool:
        package = str(app).partition(".")[0] if isinstance(app, str) else ""
        if package not in PACKAGES or (app != package and ".apps." not in str(app)):
            return False
        uses = self.around.uses.get(package)
        if uses is None:
            return False
        places = [f"{each.path}:{each.line}" for each in uses]
        places += self._still_named(package)
        if places:
            more = f" and {len(places) - 3} other places" if len(places) > 3 else ""
            told = ", ".join(dict.fromkeys(places[:3]))
            self._note(site, f"{package} stays in INSTALLED_APPS: it is needed in {told}{more}.")
            return False
        self._note(site, f"{PACKAGES[package]} is needed no more: nothing else here uses it.")
        return True

    def _still_named(self, package: str) -> list[str]:
        """Return where a middleware of the package stays in use, in whatever settings."""
        gone = {
            _at(each)
            for goal in self.goals
            if goal.setting == "MIDDLEWARE" and goal.site.purpose == "deployed"
            for each in goal.gone
        }
        places = []
        for site in self.project.settings:
            value = site.get("MIDDLEWARE")
            known = isinstance(value, list | tuple)
            stays = any(
                isinstance(each, str) and each.startswith(f"{package}.") and _at(each) not in gone
                for each in (value if known else ())
            )
            if stays or not (known or value is None):
                place = place_of(site, "MIDDLEWARE")
                places.append(f"{place.path}:{place.line}")
        return places


def _at(entry: str) -> tuple[str, int, str]:
    return getattr(entry, "path", ""), getattr(entry, "line", 0), str.__str__(entry)


def _has_app(apps: Sequence[Any]) -> bool:
    return any(each == APP or str(each).startswith(f"{APP}.apps.") for each in apps)


def _engine(backend: Any) -> Any:
    return ENGINES.get(backend, backend) if isinstance(backend, str) else backend


def _said(site: Settings) -> Mapping[str, Any]:
    """Return what ``RINGFENCE`` says already."""
    value = site.get("RINGFENCE")
    return value if isinstance(value, dict) else {}


def _off(site: Settings) -> AbstractSet[str]:
    return {ring for ring, said in _said(site).items() if said is False and isinstance(ring, str)}


def _replaced(site: Settings) -> frozenset[str]:
    """Return the middlewares whose work the fence does with these settings."""
    off = _off(site)
    return frozenset(
        name for name, rings in (*REPLACED.items(), *SINGLE.items()) if off.isdisjoint(rings)
    )

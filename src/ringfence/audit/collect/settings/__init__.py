"""Settings modules, read without importing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ringfence.audit.collect.settings import find
from ringfence.audit.collect.settings.classes import configurations, flatten
from ringfence.audit.collect.settings.imports import load
from ringfence.audit.collect.settings.sources import Sources
from ringfence.audit.collect.settings.statements import run
from ringfence.audit.collect.settings.values import exported, fits
from ringfence.audit.collect.settings.world import Frame, TooMuchError, World
from ringfence.audit.model import (
    UNKNOWN,
    EnvironmentFile,
    Given,
    Place,
    PythonFacts,
    Setting,
    Settings,
    Skipped,
    Variable,
)

__all__ = ["read"]

#: Which files are asked, in this order, and how many of them for one module.
_LEVELS: Final = {"deployed": 0, "unmarked": 1, "doubtful": 2, "example": 3}
_MOST_FILES: Final = 6


def read(
    root: Path,
    python: Mapping[str, PythonFacts],
    chosen: str | None = None,
    *,
    files: Mapping[str, Path] | None = None,
    environment: Sequence[EnvironmentFile] = (),
) -> tuple[list[Settings], list[Skipped]]:
    """Return the settings modules of the tree at ``root``, each with all that it imports.

    ``chosen`` is the module that is deployed (``shop.settings.production``, its path, or with
    django-configurations ``shop.settings:Production``); without it names, and who names them,
    say which are. ``files`` are the files to read, by their path in the tree, where they are not
    what stands there; ``environment`` says which variables files beside them set. Nothing is
    imported or run.
    """
    sources = Sources(root, list(python), files)
    everywhere, servers = find.named(sources, environment)
    wanted, _, wanted_class = (chosen or "").partition(":")
    wanted_path = _path(sources, wanted)
    skipped: list[Skipped] = []
    modules: dict[str, _Module] = {}
    known = (*([wanted_path] if wanted_path else ()), *sorted(everywhere))
    for path in find.candidates(sources, known):
        module = _evaluate(sources, path, skipped)
        if module is not None and (module.is_whole or path == wanted_path):
            modules[path] = module
    purposes = find.settle(
        list(modules),
        {path: module.absorbed for path, module in modules.items()},
        servers,
        is_package="setup.py" in sources.paths or _is_distribution(sources),
    )
    found: list[Settings] = []
    for path, module in modules.items():
        purpose = purposes[path]
        if wanted_path:
            purpose = "deployed" if path == wanted_path else _other(purpose)
        given = list(_given(sources, module, environment)) if purpose == "deployed" else []
        found.extend(module.settings(purpose, wanted_class, given))
    if wanted and not wanted_path:
        skipped.append(Skipped(wanted, "there is no such settings module in the tree"))
    skipped.extend(sources.skipped[path] for path in modules if path in sources.skipped)
    return found, skipped


def _other(purpose: str) -> str:
    return "base" if purpose == "deployed" else purpose


def _path(sources: Sources, wanted: str) -> str:
    if not wanted or wanted in sources.paths:
        return wanted
    return sources.module(wanted, 0, "")


def _is_distribution(sources: Sources) -> bool:
    """Whether the tree is made to be installed from a package index, and no site."""
    text = sources.text("pyproject.toml")
    return "[build-system]" in text and ("[project]" in text or "[tool.poetry]" in text)


@dataclass(frozen=True)
class _Module:
    """One module evaluated twice: whatever the environment sets, and where it sets nothing."""

    path: str
    frame: Frame
    unset: Frame | None

    @property
    def absorbed(self) -> frozenset[str]:
        return frozenset(self.frame.world.absorbed)

    @property
    def is_whole(self) -> bool:
        if "ROOT_URLCONF" in self.frame.names:
            return True
        if "INSTALLED_APPS" in self.frame.names:
            # Packages list the apps that a site is to install.
            return bool(find.TELLING & self.frame.names.keys()) or find.is_likely(self.path)
        if any(True for _ in configurations(self.frame)):
            return True
        # The module that has INSTALLED_APPS may be one that cannot be read.
        return bool(self.frame.world.unread) and (
            find.purpose_of_name(self.path, is_package=False) == "deployed"
            and sum(name.isupper() for name in self.frame.names) > 3
        )

    def settings(
        self, purpose: str, wanted_class: str, given: Sequence[tuple[EnvironmentFile, Frame]]
    ) -> Iterator[Settings]:
        """Yield the module's settings, or those of each of its classes."""
        classes = list(configurations(self.frame))
        if not classes:
            name = find.dotted(self.path)
            yield _settings(name, self.path, purpose, self.frame, self.unset, given)
            return
        by_name = {each.name: each for each in configurations(self.unset)} if self.unset else {}
        inherited = {base for each in classes for base in each.bases}
        for each in classes:
            module = f"{find.dotted(self.path)}:{each.name}"
            own = find.purpose_of_name(f"settings/{each.name}.py", is_package=False)
            if wanted_class:
                own = "deployed" if each.name == wanted_class else _other(own or purpose)
            elif own in ("", "base"):
                own = "base" if each in inherited else purpose
            elif purpose in ("test", "development"):
                own = purpose
            other = by_name.get(each.name)
            unset = flatten(other) if other is not None else None
            of_class = [
                (file, flatten(same))
                for file, frame in given
                for same in configurations(frame)
                if same.name == each.name
            ]
            yield _settings(module, self.path, own, flatten(each), unset, of_class)


def _evaluate(sources: Sources, path: str, skipped: list[Skipped]) -> _Module | None:
    known = _world(sources, path, skipped, unset=False)
    if known is None:
        return None
    open_names = {
        name for name, value in known.names.items() if value is UNKNOWN and name in known.places
    }
    unset = _world(sources, path, [], unset=True, open_names=frozenset(open_names))
    return _Module(path, known, unset)


def _given(
    sources: Sources, module: _Module, environment: Sequence[EnvironmentFile]
) -> Iterator[tuple[EnvironmentFile, Frame]]:
    """Evaluate a module once more for each file that sets what it asks for."""
    asked = module.frame.world.asked | (module.unset.world.asked if module.unset else set())
    if not asked or module.unset is None:
        return
    open_names = module.unset.world.open_names
    evaluated = 0
    for file in sorted(environment, key=lambda file: _LEVELS.get(file.purpose, 9)):
        variables = {each.name: each for each in file.variables if each.name in asked}
        if file.purpose not in _LEVELS or not variables or evaluated == _MOST_FILES:
            continue
        evaluated += 1
        frame = _world(
            sources, module.path, [], unset=True, open_names=open_names, variables=variables
        )
        if frame is not None:
            yield file, frame


def _world(
    sources: Sources,
    path: str,
    skipped: list[Skipped],
    *,
    unset: bool,
    open_names: frozenset[str] = frozenset(),
    variables: Mapping[str, Variable] | None = None,
) -> Frame | None:
    world = World(sources, unset, open_names, environment=variables or {})
    try:
        return load(path, Frame(world, sources.parse(path)), run) if sources.parse(path) else None  # type: ignore[arg-type]  # parsed once, kept
    except TooMuchError:
        skipped.append(Skipped(path, "does more than settings do"))
    except (RecursionError, MemoryError):
        skipped.append(Skipped(path, "nested too deeply"))
    return None


def _settings(
    module: str,
    path: str,
    purpose: str,
    frame: Frame,
    unset: Frame | None,
    given: Sequence[tuple[EnvironmentFile, Frame]],
) -> Settings:
    values: dict[str, Setting] = {}
    for name, value in frame.names.items():
        if not name.isupper() or name.startswith("_"):
            continue
        known = exported(value) if fits(value) else UNKNOWN
        default: Any = UNKNOWN
        if unset is not None and _has_unknown(known):
            default = unset.names.get(name, UNKNOWN)
            default = exported(default) if fits(default) else UNKNOWN
        values[name] = Setting(
            known,
            frame.places.get(name, Place(path, 1, 1, name)),
            default,
            name in frame.uncertain,
            tuple(_values_given(name, given)) if _has_unknown(known) else (),
        )
    return Settings(module, path, purpose, values, tuple(frame.world.unread))


def _values_given(name: str, given: Sequence[tuple[EnvironmentFile, Frame]]) -> Iterator[Given]:
    """Yield what files make of a setting; only of what a variable of theirs had a part in."""
    for file, frame in given:
        place = frame.places.get(name)
        if place is not None and place.path == file.path:
            value = frame.names.get(name, UNKNOWN)
            value = exported(value) if fits(value) else UNKNOWN
            if value is not UNKNOWN:
                yield Given(value, place, file.purpose)


def _has_unknown(value: Any) -> bool:
    if value is UNKNOWN:
        return True
    items: Sequence[Any] = ()
    if isinstance(value, (list, tuple, frozenset)):
        items = list(value)
    elif isinstance(value, dict):
        items = [*value, *value.values()]
    return any(_has_unknown(item) for item in items)

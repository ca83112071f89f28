"""Find the settings modules of a tree, and what each of them is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ringfence.audit.collect import tree
from ringfence.audit.collect.settings.deployed import DEVELOPMENT, PRODUCTION, TEST
from ringfence.audit.collect.settings.sources import Sources
from ringfence.audit.model import EnvironmentFile

__all__ = [
    "TELLING",
    "WHOLE",
    "candidates",
    "dotted",
    "is_likely",
    "named",
    "purpose_of_name",
    "settle",
]

#: What a settings module of its own assigns; a part of one need not.
WHOLE: Final = ("INSTALLED_APPS", "ROOT_URLCONF")
_WHOLE: Final = tuple(name.encode() for name in WHOLE)
_ASSIGNS_WHOLE: Final = re.compile(
    rb"^ {0,8}(?:INSTALLED_APPS|ROOT_URLCONF)\b[ ]{0,4}[+=:]", re.MULTILINE
)
#: What only a settings module assigns, too.
TELLING: Final = frozenset(
    {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASES", "MIDDLEWARE", "MIDDLEWARE_CLASSES"}
)
_ASSIGNS: Final = re.compile(
    rb"^ {0,8}(?:DEBUG|SECRET_KEY|ALLOWED_HOSTS|DATABASES|MIDDLEWARE(?:_CLASSES)?)\b[ ]{0,4}[+=:]",
    re.MULTILINE,
)
_STAR: Final = re.compile(
    rb"^ {0,12}from[ ]{1,4}([\w.]{1,200})[ ]{1,4}import[ ]{1,4}\*", re.MULTILINE
)
_LIMIT: Final = 60
_ENTRIES: Final = ("manage.py", "wsgi.py", "asgi.py", "celery.py", "celery_app.py", "__main__.py")
_SERVERS: Final = ("wsgi.py", "asgi.py")
_FILES: Final = (
    *("pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "Dockerfile", "Procfile"),
    *("docker-compose.yml", "docker-compose.yaml", "compose.yml", "fly.toml", "app.yaml"),
)
_NAMED: Final = re.compile(
    r"DJANGO_SETTINGS_MODULE[\"'\s,=:\])]{1,12}([A-Za-z_][A-Za-z0-9_.]{0,200})"
)
_WORDS: Final = re.compile(r"[a-z]+")
_BASE: Final = frozenset({"base", "common", "default", "defaults", "global", "shared", "core"})
_DEPLOYED: Final = PRODUCTION | {
    "staging",
    "stage",
    "stg",
    "heroku",
    "aws",
    "server",
    "gcp",
    "azure",
}
_DEV_FOLDERS: Final = frozenset({"dev", "development", "devproject", "devsite"})
#: Folders of a package's own example site, if the tree is a package.
_EXAMPLES: Final = frozenset(
    {
        *("example", "examples", "demo", "demos", "sandbox", "playground", "sample", "samples"),
        *("exampleproject", "example_project", "demo_project", "docs", "doc", "dev", "bench"),
        *("testdemo", "djangoproject", "project_template", "template", "templates", "scripts"),
    }
)


def named(
    sources: Sources, environment: Iterable[EnvironmentFile] = ()
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the paths that ``DJANGO_SETTINGS_MODULE`` is set to, and those a server is told."""
    everywhere: set[str] = set()
    servers: set[str] = set()
    for path in sorted(sources.paths):
        name = path.rpartition("/")[2]
        if name not in _ENTRIES or tree.is_test(tuple(path.split("/"))):
            continue
        parsed = sources.parse(path)
        for module in _NAMED.findall(parsed.text if parsed is not None else ""):
            found = sources.module(module, 0, path)
            if found:
                everywhere.add(found)
                servers.update({found} if name in _SERVERS else ())
    for name in _FILES:
        for module in _NAMED.findall(sources.text(name)[:200_000]):
            found = sources.module(module, 0, name)
            everywhere.update({found} if found else ())
    for file in environment:
        for variable in file.variables:
            if variable.name == "DJANGO_SETTINGS_MODULE" and variable.value:
                found = sources.module(variable.value, 0, file.path)
                everywhere.update({found} if found else ())
                servers.update({found} if found and file.purpose == "deployed" else ())
    return frozenset(everywhere), frozenset(servers)


def candidates(sources: Sources, known: Iterable[str]) -> list[str]:
    """Return the paths of what may be a settings module, the likeliest first."""
    whole: list[str] = []
    stars: dict[str, list[str]] = {}
    telling: list[str] = []
    for path in sorted(sources.paths):
        data = sources.data(path)
        if any(word in data for word in _WHOLE) and _ASSIGNS_WHOLE.search(data):
            whole.append(path)
        elif b"settings.configure(" in data and b"urlpatterns" in data:
            # A site of one file; without URLs it is the tests of a package.
            whole.append(path)
        likely = is_likely(path)
        if likely or b"import *" in data:
            names = [name.decode("utf-8", "replace") for name in _STAR.findall(data)]
            stars[path] = [name.rpartition(".")[2] for name in names]
        joins = stars.get(path) or b"split_settings" in data or b"dynaconf" in data
        if likely and (joins or _ASSIGNS.search(data)):
            telling.append(path)
    found = dict.fromkeys([*(path for path in known if path in sources.paths), *whole])
    tails = {_tail(path) for path in found} | {_tail(_folder(path)) for path in found}
    found.update(dict.fromkeys(path for path, names in stars.items() if tails.intersection(names)))
    found.update(dict.fromkeys(telling))
    return list(found)[:_LIMIT]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def is_likely(path: str) -> bool:
    """Whether a path is one that settings modules have."""
    *folders, name = path.lower().split("/")
    return "settings" in name or "settings" in folders[-2:] or name == "conf.py"


def _tail(path: str) -> str:
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return parts[-1]


def dotted(path: str) -> str:
    """Return a path as the name of a module.

    >>> dotted("shop/settings/__init__.py")
    'shop.settings'
    """
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _words(path: str) -> Iterator[frozenset[str]]:
    """Yield the words of the file's name, then of its folders below a ``settings``."""
    *folders, _ = path.lower().split("/")
    yield frozenset(_WORDS.findall(_tail(path).lower()))
    for folder in reversed(folders[-3:]):
        yield frozenset(_WORDS.findall(folder))


def purpose_of_name(path: str, *, is_package: bool) -> str:
    """Return what a module is for, by its name: "" where the name does not say.

    >>> purpose_of_name("shop/settings/prod.py", is_package=False)
    'deployed'
    >>> purpose_of_name("settings_dev.py", is_package=False)
    'development'
    """
    parts = tuple(path.split("/"))
    if tree.is_test(parts):
        return "test"
    first, *others = _words(path)
    for words in (first, *(words for words in others if words & {"settings", "config", "conf"})):
        purpose = _purpose(words)
        if purpose:
            return purpose
    folders = {part.lower() for part in parts[:-1]}
    if is_package and folders & _EXAMPLES:
        return "development"
    nearest = parts[-2].lower() if len(parts) > 1 else ""
    return _purpose(frozenset({nearest})) if nearest in TEST | _DEV_FOLDERS else ""


def _purpose(words: frozenset[str]) -> str:
    if words & TEST:
        return "test"
    if words & _DEPLOYED:
        return "deployed"
    if words & DEVELOPMENT:
        return "development"
    return "base" if words & _BASE else ""


def settle(
    paths: Sequence[str],
    absorbed: Mapping[str, frozenset[str]],
    servers: frozenset[str],
    *,
    is_package: bool,
) -> dict[str, str]:
    """Return each module's purpose: by its name, by who imports it, by who names it.

    ``absorbed`` has, for each module, those that it takes all names of.
    """
    by_name = {path: purpose_of_name(path, is_package=is_package) for path in paths}
    purposes: dict[str, str] = {}
    for path in paths:
        importers = [other for other in paths if other != path and path in absorbed[other]]
        serious = [other for other in importers if by_name[other] in ("deployed", "base", "")]
        purpose = by_name[path]
        if purpose in ("", "base"):
            purpose = "base" if serious else "deployed"
            own = {by_name.get(other, "") for other in absorbed[path]}
            elsewhere = any(name == "deployed" for name in by_name.values())
            if not serious and "development" in own and "deployed" not in own and elsewhere:
                purpose = "development"
        purposes[path] = purpose
    if "deployed" not in purposes.values():
        # Nothing says that it is for a server: what a server names, else what others build upon.
        choices = [path for path in paths if path in servers and purposes[path] != "test"]
        choices = choices or [path for path in paths if purposes[path] == "base"]
        if not is_package:
            choices = choices or [path for path in paths if _is_only_called_test(path)]
        for path in choices:
            if not (is_package and _in_example(path)):
                purposes[path] = "deployed"
    return purposes


def _is_only_called_test(path: str) -> bool:
    """Whether it is the settings of a site whose folder happens to be called test."""
    return _tail(path) == "settings" and "tests" not in path.split("/")


def _in_example(path: str) -> bool:
    return any(part.lower() in _EXAMPLES for part in path.split("/")[:-1])

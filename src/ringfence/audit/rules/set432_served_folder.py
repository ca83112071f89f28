"""SET432: the whole project is served as files."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, ask, deployed, hit, items, versions


def _roots(site: Settings) -> set[str]:
    names = ("BASE_DIR", "ROOT_DIR", "PROJECT_ROOT", "PROJECT_DIR", "ROOT", "ROOT_PATH")
    found = [ask(site, name).value for name in names if name in site.values]
    return {value.rstrip("/") for value in found if isinstance(value, str)}


def _check(site: Settings) -> Iterator[Hit]:
    roots = _roots(site)
    # Folders of the project only: what is above it or beside it is somebody else's.
    for fact in versions(site, "MEDIA_ROOT", "STATICFILES_DIRS"):
        folders = items(fact.value) or [fact.value]
        served = [
            each[1] if isinstance(each, tuple) and len(each) == 2 else each for each in folders
        ]
        for folder in served:
            is_root = isinstance(folder, str) and folder.rstrip("/") in roots
            if is_root and folder not in ("", "/"):
                yield hit(
                    fact,
                    f"{fact.name} is the project's own folder: source, settings and database are "
                    "served to whoever asks.",
                    f'{fact.name} = BASE_DIR / "{"media" if "MEDIA" in fact.name else "static"}"',
                    confidence=HIGH,
                )
                return


RULE = Rule("SET432", "settings", deployed(_check))

"""The engines under test: each renders a context's template with a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.browser.lab.contexts import CONTEXTS, Context, document

__all__ = ["ENGINES", "engine"]

ENGINES = ("ringfence", "stock", "raw", "jinja2", "ringfence-jinja2")

_BACKENDS = {
    "ringfence": "ringfence.template.DjangoTemplates",
    "stock": "django.template.backends.django.DjangoTemplates",
    "raw": "django.template.backends.django.DjangoTemplates",
    "jinja2": "django.template.backends.jinja2.Jinja2",
    "ringfence-jinja2": "ringfence.template.Jinja2",
}


def _sources(contexts: Sequence[Context]) -> dict[str, str]:
    sources = {f"lab/{context.name}.html": document(context) for context in contexts}
    for context in contexts:
        sources.update(context.others)
    return sources


def _options(name: str, contexts: Sequence[Context]) -> dict[str, Any]:
    if name.endswith("jinja2"):
        from jinja2 import DictLoader

        return {"loader": DictLoader(_sources(contexts))}
    return {
        "loaders": [
            (
                "django.template.loaders.cached.Loader",
                [("django.template.loaders.locmem.Loader", _sources(contexts))],
            )
        ],
        "libraries": {"lab": "tests.browser.lab.tags"},
        "autoescape": name != "raw",
    }


def engine(name: str, contexts: Sequence[Context] = CONTEXTS) -> Callable[[Context, Any], str]:
    """Return what renders one of those contexts with a value.

    Settings have to be configured, for the forms' renderer and for translations.
    """
    from django.utils.module_loading import import_string

    backend = import_string(_BACKENDS[name])(
        {"NAME": name, "DIRS": [], "APP_DIRS": False, "OPTIONS": _options(name, contexts)}
    )
    templates: dict[str, Any] = {}

    def render(context: Context, value: Any) -> str:
        template = templates.get(context.name)
        if template is None:
            template = backend.get_template(f"lab/{context.name}.html")
            templates[context.name] = template
        variables: Mapping[str, Any] = context.variables(value)
        return str(template.render(dict(variables)))

    return render


def configure(name: str) -> None:
    """Give Django the little that rendering needs; a test run has its settings already."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            DEBUG=False,
            SECRET_KEY="lab",
            USE_TZ=True,
            INSTALLED_APPS=["ringfence"] if name.startswith("ringfence") else [],
            TEMPLATES=[],
        )
        django.setup()

"""Which defences stand in which state: worked out from the site's own configuration. Pure.

Three states frame every measurement:

``off``        every defence out of the way, the browser's included (the positive control);
``reference``  the sandbox's own known-good answers and nothing else (the negative control);
``on``         the site as it is.

Then there is one state for each ring: that ring alone, in the surroundings of ``off``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["OFF", "ON", "REFERENCE", "RINGS", "State", "states"]

OFF = "off"
ON = "on"
REFERENCE = "reference"

#: The rings that can be switched, in the order in which a request meets them.
RINGS = ("transport", "isolation", "cors", "csrf", "csp", "escaping")

#: The one middleware, known by its name only: a proof shares no code with what it proves.
FENCE = "ringfence.middleware.RingfenceMiddleware"

#: Which ring a protective middleware belongs to.
FAMILIES = {
    "django.middleware.csrf.CsrfViewMiddleware": "csrf",
    "django.middleware.clickjacking.XFrameOptionsMiddleware": "isolation",
    "django.middleware.security.SecurityMiddleware": "transport",
    "django.middleware.csp.ContentSecurityPolicyMiddleware": "csp",
    "corsheaders.middleware.CorsMiddleware": "cors",
    "corsheaders.middleware.CorsPostCsrfMiddleware": "cors",
    "csp.middleware.CSPMiddleware": "csp",
    "django_permissions_policy.PermissionsPolicyMiddleware": "transport",
    "ringfence.middleware.CsrfViewMiddleware": "csrf",
    "ringfence.middleware.XFrameOptionsMiddleware": "isolation",
    "ringfence.middleware.SecurityMiddleware": "transport",
    "ringfence.middleware.ContentSecurityPolicyMiddleware": "csp",
    "ringfence.middleware.CorsMiddleware": "cors",
}

#: The template engines of the escaping ring, and what stands in their place where it is off.
STOCK_ENGINES = {
    "ringfence.template.DjangoTemplates": "django.template.backends.django.DjangoTemplates",
    "ringfence.rings.escaping.backend.DjangoTemplates": (
        "django.template.backends.django.DjangoTemplates"
    ),
    "ringfence.template.Jinja2": "django.template.backends.jinja2.Jinja2",
    "ringfence.rings.escaping.jinja.Jinja2": "django.template.backends.jinja2.Jinja2",
}
ESCAPING_ENGINES = {
    "django.template.backends.django.DjangoTemplates": "ringfence.template.DjangoTemplates",
    "django.template.backends.jinja2.Jinja2": "ringfence.template.Jinja2",
}

#: Cookies that any site's page may use: what the browser would withhold must not look like a
#: defence of the site's. ``None`` needs ``Secure`` (RFC 6265bis, section 5.7, step 19).
PERMISSIVE_COOKIES: Mapping[str, Any] = {
    "SESSION_COOKIE_SAMESITE": "None",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": False,
    "CSRF_COOKIE_SAMESITE": "None",
    "CSRF_COOKIE_SECURE": True,
}

#: Whatever a request says that the host is.
ANY_HOST: Mapping[str, Any] = {"ALLOWED_HOSTS": ["*"]}

#: Runs innermost and takes away what views and decorators set in their own name.
STRIP = "ringfence.sandbox.surroundings.StripMiddleware"
#: Runs innermost and lets a visitor in.
ENTRY = "ringfence.sandbox.surroundings.EntryMiddleware"


@dataclass(frozen=True, slots=True)
class State:
    """One arrangement of the site.

    ``settings`` replace the site's; ``checks_csrf`` False lets every request pass Django's CSRF
    checks wherever they stand; ``reflects_origins`` answers every origin with credentials;
    ``reference`` adds the sandbox's known-good answers; ``bares_cookies`` lets a visitor have
    cookies without any flag, where an attack asks for that; ``tells_referrer`` has pages tell their
    whole address to others, where nothing of the site's says otherwise.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    checks_csrf: bool = True
    reflects_origins: bool = False
    reference: bool = False
    bares_cookies: bool = False
    tells_referrer: bool = False


def states(
    middleware: Sequence[str],
    ringfence: Mapping[str, Any] | None,
    *,
    ancestors: Callable[[str], Sequence[str]],
    templates: Sequence[Mapping[str, Any]] = (),
    put_in: bool = False,
) -> tuple[State, ...]:
    """Return every state of a site with that MIDDLEWARE, that RINGFENCE and those TEMPLATES.

    ``ancestors`` names the classes that a middleware is made of, so that a project's subclass of
    a protective middleware counts as one, and so does one of a template engine. ``put_in``
    arranges the site as if RingfenceMiddleware stood in the place of what it replaces, and
    ringfence's template engines in the place of Django's.

    >>> arranged = states(["a.Session", FENCE], None, ancestors=lambda name: [name])
    >>> [state.name for state in arranged]
    ['off', 'reference', 'on', 'transport', 'isolation', 'cors', 'csrf', 'csp', 'escaping']
    >>> arranged[3].settings["RINGFENCE"]
    {'isolation': False, 'cors': False, 'csrf': False, 'csp': False, 'escaping': False}
    """
    families = {name: _family(ancestors(name)) for name in middleware}
    plain = [name for name in middleware if families[name] is None]
    site = [FENCE, *plain] if put_in else list(middleware)
    fenced = FENCE in site
    escaping = _engines(templates, ancestors, escaping=True) if put_in else _set(templates)
    stock = _engines(templates, ancestors, escaping=False)

    def alone(ring: str) -> State:
        if fenced:
            kept = [FENCE, *plain]
            config = {**(ringfence or {})} | {r: False for r in RINGS if r != ring}
            extra: dict[str, Any] = {"RINGFENCE": config}
        else:
            kept = [name for name in middleware if families[name] in (None, ring)]
            extra = {}
        # A site's hosts are its own settings', and without ringfence so are its cookies.
        cookies = {} if ring == "transport" and not fenced else PERMISSIVE_COOKIES
        hosts = {} if ring == "transport" else ANY_HOST
        return State(
            ring,
            {
                **cookies,
                **hosts,
                **extra,
                **(escaping if ring == "escaping" else stock),
                "MIDDLEWARE": [*kept, STRIP, ENTRY],
            },
            checks_csrf=ring == "csrf",
            reflects_origins=ring != "cors",
            bares_cookies=ring != "transport",
            tells_referrer=True,
        )

    bare = {**PERMISSIVE_COOKIES, **ANY_HOST, **stock, "MIDDLEWARE": [*plain, STRIP, ENTRY]}
    return (
        State(
            OFF,
            bare,
            checks_csrf=False,
            reflects_origins=True,
            bares_cookies=True,
            tells_referrer=True,
        ),
        State(REFERENCE, bare, checks_csrf=False, reference=True, bares_cookies=True),
        State(ON, {**escaping, "MIDDLEWARE": [*site, ENTRY]}),
        *(alone(ring) for ring in RINGS),
    )


def _engines(
    templates: Sequence[Mapping[str, Any]],
    ancestors: Callable[[str], Sequence[str]],
    *,
    escaping: bool,
) -> dict[str, Any]:
    """Return the site's TEMPLATES with engines that all escape by context, or that none does."""

    def other(backend: str) -> str:
        if escaping:
            return ESCAPING_ENGINES.get(backend, backend)
        found = (STOCK_ENGINES[name] for name in ancestors(backend) if name in STOCK_ENGINES)
        return next(found, backend)

    return _set([{**engine, "BACKEND": other(engine["BACKEND"])} for engine in templates])


def _set(templates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"TEMPLATES": [dict(engine) for engine in templates]} if templates else {}


def _family(ancestors: Sequence[str]) -> str | None:
    if FENCE in ancestors:
        return "*"
    return next((FAMILIES[name] for name in ancestors if name in FAMILIES), None)

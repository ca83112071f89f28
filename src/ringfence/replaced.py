"""What ringfence stands in the place of, by dotted name. Data, for the checks and for the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["ENGINES", "FENCE", "PACKAGES", "REPLACED", "SINGLE"]

FENCE: Final = "ringfence.middleware.RingfenceMiddleware"

#: Middlewares of others, and the rings that do their work: what is off does not replace them.
REPLACED: Final[Mapping[str, tuple[str, ...]]] = {
    "django.middleware.security.SecurityMiddleware": ("transport", "isolation"),
    "django.middleware.csrf.CsrfViewMiddleware": ("csrf",),
    "django.middleware.clickjacking.XFrameOptionsMiddleware": ("isolation",),
    "django.middleware.csp.ContentSecurityPolicyMiddleware": ("csp",),
    "corsheaders.middleware.CorsMiddleware": ("cors",),
    "csp.middleware.CSPMiddleware": ("csp",),
    "csp.contrib.rate_limiting.RateLimitedCSPMiddleware": ("csp",),
    "django_permissions_policy.PermissionsPolicyMiddleware": ("transport",),
}

#: Our own, which do one ring's work where the fence is not.
SINGLE: Final[Mapping[str, tuple[str, ...]]] = {
    f"ringfence.middleware.{name.rpartition('.')[2]}": rings
    for name, rings in REPLACED.items()
    if name.startswith("django.") or name == "corsheaders.middleware.CorsMiddleware"
}

#: The engines that escape for HTML text alone, and what to write instead.
ENGINES: Final[Mapping[str, str]] = {
    "django.template.backends.django.DjangoTemplates": "ringfence.template.DjangoTemplates",
    "django.template.backends.jinja2.Jinja2": "ringfence.template.Jinja2",
}

#: Apps that only serve a replaced middleware, and the distribution that each comes with.
PACKAGES: Final[Mapping[str, str]] = {
    "corsheaders": "django-cors-headers",
    "csp": "django-csp",
}

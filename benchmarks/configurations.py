"""The settings of every configuration that is compared.

What a site says once for all (hosts, HSTS, Permissions-Policy) stands in :func:`shared`; the usual
stack and the fence both read it there. What only one of them reads stands with that one.
"""

from __future__ import annotations

from typing import Any

HOST = "www.example.com"
OWN = f"https://{HOST}"
ALLOWED = "https://app1.example.net"
FOREIGN = "https://attacker.example.org"
TOKEN = "k" * 32

#: The bare handler is not listed: every worker times one of its own right before each batch.
CONFIGURATIONS = ("usual", "fence", "minimal", "usual-500", "fence-500")

_STRICT = {
    "script-src": ["'nonce'", "'strict-dynamic'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'self'"],
}


def allowed_origins(count: int) -> list[str]:
    """Return ``count`` origins; the one that the requests send is never the first of them."""
    return [f"https://app{number}.example.net" for number in range(count)]


def shared() -> dict[str, Any]:
    """Return what all configurations have in common."""
    return {
        "DEBUG": False,
        "SECRET_KEY": "benchmark-" * 5,
        "ALLOWED_HOSTS": [HOST],
        "ROOT_URLCONF": "site_urls",
        "DATABASES": {},
        "USE_TZ": True,
        "INSTALLED_APPS": [],
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "SAMEORIGIN",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "PERMISSIONS_POLICY": {"camera": [], "geolocation": "self", "microphone": []},
    }


def settings_for(name: str) -> dict[str, Any]:
    """Return the whole settings of the configuration called ``name``.

    :raises KeyError: for a name that is not one of :data:`CONFIGURATIONS`.
    """
    family, _, count = name.partition("-")
    return shared() | {"usual": _usual, "fence": _fence, "minimal": _minimal}[family](
        int(count or 5)
    )


def _usual(origins: int) -> dict[str, Any]:
    import django

    middleware = [
        "django.middleware.security.SecurityMiddleware",
        "corsheaders.middleware.CorsMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django_permissions_policy.PermissionsPolicyMiddleware",
    ]
    settings: dict[str, Any] = {
        "INSTALLED_APPS": ["corsheaders"],
        "CORS_ALLOWED_ORIGINS": allowed_origins(origins),
        "CORS_ALLOW_CREDENTIALS": True,
    }
    if django.VERSION >= (6, 0):
        from django.utils.csp import CSP

        middleware.insert(4, "django.middleware.csp.ContentSecurityPolicyMiddleware")
        settings["SECURE_CSP"] = {
            directive: [CSP.NONCE if source == "'nonce'" else source for source in sources]
            for directive, sources in _STRICT.items()
        }
    return settings | {"MIDDLEWARE": middleware}


def _fence(origins: int) -> dict[str, Any]:
    return {
        "MIDDLEWARE": ["ringfence.middleware.RingfenceMiddleware"],
        "INSTALLED_APPS": ["ringfence"],
        "RINGFENCE": {
            "csp": "strict",
            "cors": {"origins": allowed_origins(origins), "credentials": True},
            "csrf": {"fallback": "token"},
        },
    }


def _minimal(_origins: int) -> dict[str, Any]:
    return {"MIDDLEWARE": ["minimal.six_headers_and_a_nonce"]}

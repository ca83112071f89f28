"""What the rules on settings fire on beside their pages' examples, and what they leave alone."""

from __future__ import annotations

import pytest

from ringfence.finding import Confidence
from tests.audit.rules.settings.sites import URLS, hits, site

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
ENV = "import os\n"
KEY = "v8$k2!x-qz7)m3&n5+b9w@r4t6y1u0i(o*p^a=s#d%f_g-h!jkl2"
SESSIONS = "INSTALLED_APPS = ['django.contrib.sessions', 'django.contrib.auth']\n"

#: Source, code, how sure; None where it is left alone.
ROWS = {
    "debug by default": (f"{ENV}DEBUG = os.environ.get('D', True)", "SET401", MEDIUM),
    "debug by a text": (f"{ENV}DEBUG = os.environ.get('D', 'False')", "SET401", MEDIUM),
    "debug by a required variable": (f"{ENV}DEBUG = os.environ['D'] == '1'", "SET401", None),
    "debug before unread settings": (
        "DEBUG = True\ntry:\n    from .local import *\nexcept ImportError:\n    pass",
        "SET401",
        MEDIUM,
    ),
    "debug in tests": (
        "import sys\nDEBUG = False\nif 'test' in sys.argv:\n    DEBUG = True",
        "SET401",
        None,
    ),
    "a key by default": (f"{ENV}SECRET_KEY = os.environ.get('K', '{KEY}')", "SET402", MEDIUM),
    "a key that the site refuses": (
        f"{ENV}SECRET_KEY = os.getenv('K', 'no')\nif SECRET_KEY == 'no':\n    raise ValueError",
        "SET403",
        None,
    ),
    "a weak key is said once": ("SECRET_KEY = 'short'", "SET402", None),
    "an old key that is weak": ("SECRET_KEY_FALLBACKS = ['short']", "SET403", HIGH),
    "any host by default": (
        f"{ENV}ALLOWED_HOSTS = os.getenv('H', '*').split(',')",
        "SET404",
        MEDIUM,
    ),
    "any host, appended": (
        f"{ENV}ALLOWED_HOSTS = [os.environ['H']]\nALLOWED_HOSTS.append('*')",
        "SET404",
        HIGH,
    ),
    "hosts below one": ("ALLOWED_HOSTS = ['.example.com']", "SET404", None),
    "a middleware of unknown name": (
        "from elsewhere import EXTRA\nMIDDLEWARE = ['a.SessionMiddleware', *EXTRA]",
        "CSRF491",
        None,
    ),
    "another package's CSRF": (
        "MIDDLEWARE = ['a.SessionMiddleware', 'session_csrf.CsrfMiddleware']",
        "CSRF491",
        None,
    ),
    "the old name": (
        "MIDDLEWARE_CLASSES = ('django.contrib.sessions.SessionMiddleware',)",
        "CSRF491",
        HIGH,
    ),
    "no sessions, no CSRF": ("MIDDLEWARE = ['a.CommonMiddleware']", "CSRF491", LOW),
    "ringfence's own": (
        "MIDDLEWARE = ['a.SessionMiddleware', 'ringfence.middleware.RingfenceMiddleware']",
        "CSRF491",
        None,
    ),
    "a trusted loopback origin": (
        "CSRF_TRUSTED_ORIGINS = ['http://127.0.0.1:8000']",
        "CSRF103",
        None,
    ),
    "a flag left out of a deployed site": (f"{SESSIONS}DEBUG = False", "COOK491", MEDIUM),
    "a flag left out while debugging": (f"{SESSIONS}DEBUG = True", "COOK491", LOW),
    "a flag by default": (
        f"{ENV}SESSION_COOKIE_SECURE = os.environ.get('S', 'False') == 'True'",
        "COOK491",
        MEDIUM,
    ),
    "a flag that needs no cookie": (
        f"{SESSIONS}CSRF_USE_SESSIONS = True\nCSRF_COOKIE_SECURE = False",
        "COOK493",
        None,
    ),
    "https behind a proxy": (
        "SECURE_SSL_REDIRECT = False\nSECURE_PROXY_SSL_HEADER = ('HTTP_X_PROTO', 'https')",
        "TLS494",
        LOW,
    ),
    "a fast hash second": (
        "PASSWORD_HASHERS = ['a.PBKDF2PasswordHasher', 'a.UnsaltedMD5PasswordHasher']",
        "SET418",
        LOW,
    ),
    "a salted bcrypt": ("PASSWORD_HASHERS = ['a.BCryptSHA256PasswordHasher']", "SET418", None),
    "hashers of tests": (
        "import sys\nif 'test' in sys.argv:\n    PASSWORD_HASHERS = ['a.MD5PasswordHasher']",
        "SET418",
        None,
    ),
    "a toolbar under a condition": (
        f"{ENV}INSTALLED_APPS = []\nif os.getenv('T'):\n    INSTALLED_APPS += ['debug_toolbar']",
        "SET424",
        LOW,
    ),
    "a toolbar if it is there": (
        (
            "INSTALLED_APPS = []\ntry:\n    import debug_toolbar\n"
            "    INSTALLED_APPS += ['debug_toolbar']\nexcept ImportError:\n    pass"
        ),
        "SET424",
        LOW,
    ),
    "django-csp before 4": ("CSP_SCRIPT_SRC = (\"'self'\", \"'unsafe-inline'\")", "CSP201", HIGH),
    "django-csp before 4, with a nonce": (
        "CSP_SCRIPT_SRC = [\"'unsafe-inline'\"]\nCSP_INCLUDE_NONCE_IN = ['script-src']",
        "CSP201",
        None,
    ),
    "a policy that only reports": (
        "SECURE_CSP_REPORT_ONLY = {'script-src': [\"'unsafe-inline'\"]}",
        "CSP201",
        LOW,
    ),
    "a policy with unknown parts": (
        "from a import HOSTS, EXTRA\nSECURE_CSP = {'img-src': HOSTS, **EXTRA}",
        "CSP204",
        None,
    ),
    "a source of a text": ("SECURE_CSP = {'script-src': \"'self' 'unsafe-eval'\"}", "CSP202", HIGH),
    "inline styles beside a nonce": (
        "SECURE_CSP = {'style-src': [\"'unsafe-inline'\", \"'nonce-aGVsbG8='\"]}",
        "CSP494",
        None,
    ),
    "the older name of any origin": ("CORS_ORIGIN_ALLOW_ALL = True", "CORS491", MEDIUM),
    "any origin for a public API": (
        "CORS_ALLOW_ALL_ORIGINS = True\nCORS_URLS_REGEX = r'^/api/.*$'",
        "CORS491",
        LOW,
    ),
    "any origin that nothing sends": (
        "CORS_ALLOW_ALL_ORIGINS = True\nMIDDLEWARE = ['a.CommonMiddleware']",
        "CORS491",
        LOW,
    ),
    "any origin with credentials is said of both": (
        "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True",
        "CORS491",
        MEDIUM,
    ),
    "any origin with credentials": (
        "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True",
        "CORS101",
        HIGH,
    ),
    "a trusted origin for everybody": ("CSRF_TRUSTED_ORIGINS = ['https://*']", "CSRF101", MEDIUM),
    "a trusted origin without its scheme": ("CSRF_TRUSTED_ORIGINS = ['a.example']", "CSRF101", LOW),
    "a key that encrypts fields": (
        "FIELD_ENCRYPTION_KEY = 'f164ec6bd6fbc4aef5647abc15199da0'",
        "SECR491",
        HIGH,
    ),
    "an administrator's password": ("ADMIN_PASSWORD = 'zx81-Kk20-q'", "SECR491", HIGH),
    "debug where a variable is not set": (
        f"{ENV}DEBUG = 'DYNO' not in os.environ",
        "SET401",
        MEDIUM,
    ),
    "a key for want of a file that is kept out": (
        (
            "try:\n    from .local import SECRET_KEY\nexcept ImportError:\n"
            "    SECRET_KEY = 'n0t-s0-h4rd-t0-gu3ss-4ft3r-4ll'"
        ),
        "SET403",
        HIGH,
    ),
    "HSTS off behind a proxy": (
        "SECURE_HSTS_SECONDS = 0\nSECURE_PROXY_SSL_HEADER = ('HTTP_X_PROTO', 'https')",
        "TLS491",
        MEDIUM,
    ),
    "a session of half a year": ("SESSION_COOKIE_AGE = 60 * 60 * 24 * 180", "SET417", MEDIUM),
    "a session of a month": ("SESSION_COOKIE_AGE = 60 * 60 * 24 * 30", "SET417", None),
    "silenced: the redirect, which proxies do": (
        "SILENCED_SYSTEM_CHECKS = ['security.W008']",
        "SET431",
        LOW,
    ),
    "silenced: cookies": ("SILENCED_SYSTEM_CHECKS = ['security.W012']", "SET431", MEDIUM),
    "a toolbar's function that always says yes": (
        (
            "def show(request):\n    return True\n\n"
            "DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': show}"
        ),
        "SET426",
        HIGH,
    ),
    "a toolbar's function that asks": (
        (
            "def show(request):\n    return request.user.is_staff\n\n"
            "DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': show}"
        ),
        "SET426",
        None,
    ),
    "a policy that only reports by default": (
        (
            f"{ENV}CSP_DEFAULT_SRC = [\"'self'\"]\n"
            "CSP_REPORT_ONLY = os.environ.get('R', 'true') == 'true'"
        ),
        "CSP492",
        MEDIUM,
    ),
    "mail in the clear, written out": (
        "EMAIL_HOST = 'mail.example.com'\nEMAIL_USE_TLS = False",
        "TLS497",
        MEDIUM,
    ),
    "a secret in a dict": ("PAY = {'client_secret': 'Zx81-kk20-qq17'}", "SECR491", HIGH),
    "a secret's first guess": ("JWT_SECRET = 'secret'", "SECR491", MEDIUM),
    "a secret to be filled in": ("PAY_SECRET = 'change-me'", "SECR491", LOW),
    "a secret by default": (
        f"{ENV}PAY_SECRET = os.environ.get('P', 'Zx81-kk20-qq17')",
        "SECR491",
        MEDIUM,
    ),
    "a secret's name only": (
        "PASSWORD_RESET_TIMEOUT = 3600\nTOKEN_MODEL = 'shop.models.Token'",
        "SECR491",
        None,
    ),
    "a secret's address": ("OAUTH_TOKEN_URL = 'https://id.example.com/token'", "SECR491", None),
    "a key of a known provider": ("MAIL = 'AKIA' + 'Q7ZKW3XJ5R2M9P4T'", "SECR491", HIGH),
    "a database next door": (
        "DATABASES = {'default': {'HOST': 'localhost', 'PASSWORD': 'correct-horse'}}",
        "SECR492",
        MEDIUM,
    ),
    "a database without a password": ("DATABASES = {'default': {'PASSWORD': ''}}", "SECR492", None),
    "an address with a password": (
        "BROKER_URL = 'amqp://shop:correct-horse@q.example.com//'",
        "SECR494",
        HIGH,
    ),
    "an address with a placeholder": (
        "BROKER_URL = 'amqp://shop:{password}@q.example.com//'",
        "SECR494",
        None,
    ),
    "verifying that is off": ("MAILER = {'verify_ssl': False}", "TLS496", HIGH),
    "verifying that is not said": ("MAILER = {'verify': None}", "TLS496", None),
    "a cookie without SameSite": ("SESSION_COOKIE_SAMESITE = None", "COOK494", MEDIUM),
    "no validators, plainly": (f"{SESSIONS}AUTH_PASSWORD_VALIDATORS = []", "SET419", HIGH),
    "a toolbar's own callback": (
        "DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': 'shop.is_developer'}",
        "SET426",
        None,
    ),
    "a class of its own for sessions": (
        "REST_FRAMEWORK = {'DEFAULT_AUTHENTICATION_CLASSES': ('a.UnsafeSessionAuthentication',)}",
        "DRF494",
        None,
    ),
    "an own failure view elsewhere": (
        "CSRF_FAILURE_VIEW = 'elsewhere.views.failure'",
        "CSRF493",
        None,
    ),
    "a cache next door": (
        "CACHES = {'default': {'BACKEND': 'a.RedisCache', 'LOCATION': 'redis://localhost'}}",
        "SET420",
        None,
    ),
}


@pytest.mark.parametrize(("text", "code", "expected"), ROWS.values(), ids=ROWS)
def test_row(text, code, expected, tmp_path):
    found = [
        hit.confidence for name, hit in hits(site(tmp_path, settings=URLS + text)) if name == code
    ]

    assert found == ([] if expected is None else [expected])


def test_development_and_tests_are_not_blamed(tmp_path):
    project = site(
        tmp_path,
        shop__settings__base=URLS,
        shop__settings__dev="from .base import *\nDEBUG = True\nALLOWED_HOSTS = ['*']\n",
        shop__settings__test="from .base import *\nPASSWORD_HASHERS = ['a.MD5PasswordHasher']\n",
        shop__settings__prod="from .base import *\nDEBUG = False\n",
    )

    assert not {"SET401", "SET404", "SET418"} & {code for code, _ in hits(project)}


def test_what_two_servers_share_is_said_once(tmp_path):
    project = site(
        tmp_path,
        shop__settings__base=URLS + "ALLOWED_HOSTS = ['*']\nMIDDLEWARE = ['a.SessionMiddleware']\n",
        shop__settings__staging="from .base import *\n",
        shop__settings__live="from .base import *\n",
    )
    codes = [code for code, _ in hits(project)]

    assert codes.count("SET404") == codes.count("CSRF491") == codes.count("TLS491") == 1


def test_the_entry_that_matters_is_pointed_to(tmp_path):
    text = (
        URLS
        + "SECURE_CSP = {\n  'script-src': [\n    \"'self'\",\n    \"'unsafe-inline'\",\n  ],\n}\n"
    )
    found = [hit.place for code, hit in hits(site(tmp_path, settings=text)) if code == "CSP201"]

    assert [(place.line, place.scope) for place in found] == [(5, "SECURE_CSP")]


def test_no_secret_is_shown(tmp_path):
    text = (
        f"{URLS}SECRET_KEY = '{KEY}'\nPAY_SECRET = 'correct-horse-1'\n"
        "DATABASES = {'default': {'HOST': 'h', 'PASSWORD': 'correct-horse-2'}}\n"
        "EMAIL_HOST_PASSWORD = 'correct-horse-3'\nBROKER_URL = 'amqp://u:correct-horse-4@h'\n"
        "SECRET_KEY_FALLBACKS = ['correct-horse-5']\n"
    )
    found = hits(site(tmp_path, settings=text))

    assert {code for code, _ in found} >= {
        "SET402",
        "SET403",
        "SECR491",
        "SECR492",
        "SECR493",
        "SECR494",
    }
    assert "correct-horse" not in repr(found)
    assert KEY not in repr(found)

"""``check --deploy``: each of Django's questions is answered by what the fence does."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from ringfence.finding import REGISTER
from ringfence.middleware import RingfenceMiddleware
from tests.core.support import DJANGO_61, FENCE, site
from tests.settings import MIDDLEWARE as CONTRIB

APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "ringfence",
]
HTTP = {"W004", "W008", "W010", "W016"}  # what a site that nobody decided about lacks
BARE = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
ESCAPING = [{"BACKEND": "ringfence.template.DjangoTemplates"}]
NEVER = {"tokens": "never", "fallback": "deny"}
STANDALONE = [
    f"ringfence.middleware.{name}"
    for name in (
        "SecurityMiddleware",
        "CsrfViewMiddleware",
        "XFrameOptionsMiddleware",
        "ContentSecurityPolicyMiddleware",
    )
]
YEAR = {"https": True, "hsts": {"since": "2020-01-01"}}
ANY_COOKIE = {"sessionid": {"dangerously_insecure": True}}

#: name: RINGFENCE, settings, which of Django's messages appear
DEPLOYED = {
    "nothing said": ({}, {}, HTTP | {"W019"}),
    "https": ({"transport": "https"}, {}, {"W005", "W019", "W021"}),
    "https for years": ({"transport": YEAR}, {}, {"W005", "W019", "W021"}),
    "redirected by Django's setting": (
        {},
        {"SECURE_SSL_REDIRECT": True},
        {"W004", "W019"},
    ),
    "HSTS by Django's setting": (
        {},
        {"SECURE_HSTS_SECONDS": 3600},
        {"W005", "W008", "W010", "W016", "W019", "W021"},
    ),
    "HSTS for everything below": (
        {},
        {
            "SECURE_HSTS_SECONDS": 31536000,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
            "SECURE_HSTS_PRELOAD": True,
        },
        {"W008", "W010", "W016", "W019"},
    ),
    "secure cookies": (
        {},
        {"CSRF_COOKIE_SECURE": True, "SESSION_COOKIE_SECURE": True},
        {"W004", "W008", "W019"},
    ),
    "https, a cookie below the floor": (
        {"transport": {"https": True, "cookies": ANY_COOKIE}},
        {},
        {"W005", "W010", "W019", "W021"},
    ),
    "a readable session cookie is raised": (
        {},
        {"SESSION_COOKIE_HTTPONLY": False},
        HTTP | {"W019"},
    ),
    "a readable session cookie": (
        {"transport": {"cookies": {"sessionid": {"dangerously_readable": True}}}},
        {"SESSION_COOKIE_HTTPONLY": False},
        HTTP | {"W013", "W019"},
    ),
    "no transport": ({"transport": False}, {}, {"W001", "W010", "W016", "W019"}),
    "no transport, a readable session cookie": (
        {"transport": False},
        {"SESSION_COOKIE_HTTPONLY": False},
        {"W001", "W010", "W013", "W016", "W019"},
    ),
    "no csrf": ({"csrf": False}, {}, HTTP - {"W016"} | {"W003", "W019"}),
    "no tokens": ({"csrf": NEVER}, {}, HTTP - {"W016"} | {"W019"}),
    "tokens in sessions": ({}, {"CSRF_USE_SESSIONS": True}, HTTP - {"W016"} | {"W019"}),
    "no csp: the header alone says DENY": ({"csp": False}, {}, HTTP),
    "no csp, sameorigin": ({"csp": False}, {"X_FRAME_OPTIONS": "SAMEORIGIN"}, HTTP | {"W019"}),
    "no isolation: the policy says it": ({"isolation": False}, {}, HTTP | {"W019"}),
    "neither": ({"csp": False, "isolation": False}, {}, HTTP | {"W002"}),
    "nobody may frame": ({}, {"X_FRAME_OPTIONS": "DENY"}, HTTP),
    "nobody may frame, by the policy": (
        {"csp": {"preset": "base", "frame-ancestors": ["'none'"]}},
        {},
        HTTP,
    ),
    "no cors": ({"cors": False}, {}, HTTP | {"W019"}),
    "types may be guessed": ({}, {"SECURE_CONTENT_TYPE_NOSNIFF": False}, HTTP | {"W006", "W019"}),
    "types may not be guessed after all": (
        {"transport": {"nosniff": True}},
        {"SECURE_CONTENT_TYPE_NOSNIFF": False},
        HTTP | {"W019"},
    ),
    "no referrer policy": ({}, {"SECURE_REFERRER_POLICY": None}, HTTP | {"W019", "W022"}),
    "an unknown referrer policy": ({}, {"SECURE_REFERRER_POLICY": "x"}, HTTP | {"W019", "E023"}),
    "another referrer policy": (
        {"transport": {"referrer_policy": "no-referrer"}},
        {"SECURE_REFERRER_POLICY": "x"},
        HTTP | {"W019"},
    ),
    "an unknown opener policy": (
        {},
        {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "x"},
        HTTP | {"W019", "E024"},
    ),
    "an opener policy that Django does not know": (
        {"isolation": {"coop": "noopener-allow-popups"}},
        {},
        HTTP | {"W019"},
    ),
    "a nonce": ({"csp": "strict"}, {}, HTTP | {"W019"}),
    "the fence is missing": ({}, {"MIDDLEWARE": []}, {"W001", "W002", "W003", "W010"}),
    "each ring alone": ({}, {"MIDDLEWARE": STANDALONE}, HTTP),
    "the stand-alone CSRF alone": (
        {},
        {"MIDDLEWARE": STANDALONE[1:2]},
        {"W001", "W002", "W010", "W016"},
    ),
    "a subclass": ({}, {"MIDDLEWARE": ["tests.core.test_checks.Subclass"]}, HTTP | {"W019"}),
    "Django's own beside it": (
        {"csrf": False},
        {"MIDDLEWARE": [FENCE, "django.middleware.csrf.CsrfViewMiddleware"]},
        HTTP - {"W016"} | {"W003", "W019"},
    ),
}


class Subclass(RingfenceMiddleware):
    """A site's own fence."""


def messages(ringfence, *, deploy=True, **settings):
    with override_settings(INSTALLED_APPS=APPS, **site(ringfence, **settings)):
        return run_checks(include_deployment_checks=deploy)


def identifiers(found, prefix):
    return {m.id.removeprefix(prefix) for m in found if m.id.startswith(prefix)}


@pytest.mark.parametrize("name", DEPLOYED)
def test_djangos_messages(name) -> None:
    ringfence, settings, expected = DEPLOYED[name]
    assert identifiers(messages(ringfence, **settings), "security.") == expected


@DJANGO_61
@pytest.mark.parametrize(
    ("ringfence", "settings", "expected"),
    [
        ({"csp": "strict"}, {"TEMPLATES": BARE}, {"W027"}),
        ({"csp": "base"}, {"TEMPLATES": BARE}, set()),
        ({"csp": False}, {"TEMPLATES": BARE}, set()),
        ({"csp": "strict"}, {}, set()),
        ({"csp": "strict"}, {"TEMPLATES": ESCAPING}, set()),
        ({"csp": "strict", "escaping": False}, {"TEMPLATES": ESCAPING}, {"W027"}),
    ],
    ids=str,
)
def test_a_nonce_that_no_template_can_read(ringfence, settings, expected) -> None:
    found = identifiers(messages(ringfence, **settings), "security.")
    assert found & {"W027"} == expected


@pytest.mark.parametrize(
    ("ringfence", "settings", "expected"),
    [
        ({}, {"TEMPLATES": BARE}, {"ESC201"}),
        ({}, {"TEMPLATES": ESCAPING}, set()),
        ({"escaping": False}, {"TEMPLATES": BARE}, set()),
        ({}, {"TEMPLATES": BARE, "MIDDLEWARE": []}, set()),
        ({}, {"TEMPLATES": [{**ESCAPING[0], "OPTIONS": {"autoescape": False}}]}, {"ESC105"}),
    ],
    ids=str,
)
def test_template_engines(ringfence, settings, expected) -> None:
    plain = identifiers(messages(ringfence, deploy=False, **settings), "ringfence.")
    assert {code for code in plain if code.startswith("ESC")} == expected


@pytest.mark.parametrize("ring", ["transport", "csrf", "csp", "isolation", "cors", "escaping"])
def test_a_ring_that_is_off_is_named_without_deploy_too(ring) -> None:
    found = messages({ring: False}, deploy=False)
    assert [m.level for m in found if m.id == "ringfence.RING003"] == [30]
    assert repr(ring) in next(m.msg for m in found if m.id == "ringfence.RING003")


FIRST = "django.middleware.gzip.GZipMiddleware"
#: name: RINGFENCE, settings, our messages about where the fence stands
PLACES = {
    "first": ({}, {}, set()),
    "missing": ({}, {"MIDDLEWARE": [FIRST]}, {"RING004"}),
    "second": ({}, {"MIDDLEWARE": [FIRST, FENCE]}, {"RING005"}),
    "first, others behind": ({}, {"MIDDLEWARE": [FENCE, FIRST]}, set()),
    "SecurityMiddleware": (
        {},
        {"MIDDLEWARE": [FENCE, "django.middleware.security.SecurityMiddleware"]},
        {"RING006"},
    ),
    "SecurityMiddleware, transport off": (
        {"transport": False},
        {"MIDDLEWARE": [FENCE, "django.middleware.security.SecurityMiddleware"]},
        set(),
    ),
    "CsrfViewMiddleware": (
        {},
        {"MIDDLEWARE": [FENCE, "django.middleware.csrf.CsrfViewMiddleware"]},
        {"RING006"},
    ),
    "CsrfViewMiddleware, csrf off": (
        {"csrf": False},
        {"MIDDLEWARE": [FENCE, "django.middleware.csrf.CsrfViewMiddleware"]},
        set(),
    ),
    "corsheaders": ({}, {"MIDDLEWARE": [FENCE, "corsheaders.middleware.CorsMiddleware"]}, set()),
    "corsheaders, its settings": (
        {},
        {
            "MIDDLEWARE": [FENCE, "corsheaders.middleware.CorsMiddleware"],
            "CORS_ALLOWED_ORIGINS": ["https://a.example"],
        },
        {"RING006"},
    ),
    "django-csp": ({}, {"MIDDLEWARE": [FENCE, "csp.middleware.CSPMiddleware"]}, {"RING006"}),
    "XFrameOptionsMiddleware": (
        {},
        {"MIDDLEWARE": [FENCE, "django.middleware.clickjacking.XFrameOptionsMiddleware"]},
        {"RING006"},
    ),
    "not installed": ({}, {"INSTALLED_APPS": APPS[:-1]}, {"RING007"}),
}


@pytest.mark.parametrize("name", PLACES)
def test_where_the_fence_stands(name) -> None:
    ringfence, settings, expected = PLACES[name]
    with override_settings(**{"INSTALLED_APPS": APPS} | site(ringfence, **settings)):
        deployed = run_checks(include_deployment_checks=True)
        plain = run_checks()
    places = {"RING004", "RING005", "RING006", "RING007"}
    assert identifiers(deployed, "ringfence.") & places == expected
    assert identifiers(plain, "ringfence.") & places == expected
    for message in deployed:
        if message.id.removeprefix("ringfence.") in places:
            assert message.level == 30
            assert message.hint


def test_dangerous_values_of_other_packages_fail_deploy_alone() -> None:
    theirs = {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True}
    settings = site({"transport": YEAR}, INSTALLED_APPS=APPS, MIDDLEWARE=[FENCE], **theirs)
    with override_settings(**settings):
        said = StringIO()
        call_command("check", stdout=said, stderr=said)
        assert "WARNINGS" in said.getvalue()
        assert "CORS101" in said.getvalue()
        with pytest.raises(SystemCheckError) as caught:
            call_command("check", deploy=True, stdout=StringIO(), stderr=StringIO())
    assert "ERRORS" in str(caught.value)
    assert "CORS101" in str(caught.value)


@pytest.mark.parametrize(
    "how",
    [
        {"tags": [Tags.security]},
        {"tags": [Tags.security], "databases": ["default"]},
        {"databases": ["default"]},
        {"app_configs": []},
    ],
    ids=["a tag", "a tag and databases", "databases", "apps"],
)
def test_the_checks_can_be_asked_in_every_way(how) -> None:
    with override_settings(**site({"csrf": False}, INSTALLED_APPS=APPS)):
        found = run_checks(include_deployment_checks=True, **how)
    assert "security.W003" in {m.id for m in found}
    assert "ringfence.RING003" in {m.id for m in found}


def test_messages_can_be_silenced() -> None:
    silenced = ["ringfence.RING003", "ringfence.TLS201", "ringfence.ESC201"]
    with override_settings(
        **site({"csrf": False}, INSTALLED_APPS=APPS, SILENCED_SYSTEM_CHECKS=silenced)
    ):
        said = StringIO()
        call_command("check", stdout=said, stderr=said)
    assert "no issues" in said.getvalue()


def test_every_message_says_what_to_do() -> None:
    wrong = {
        "csrf": {"fallback": "nope"},
        "cors": {"origins": "*", "credentials": True},
        "csp": {"default-src": ["self"]},
        "escaping": {"handlers": "nope"},
        "isolation": {"coop": "nope"},
        "transport": {"referrer_policy": "nope"},
    }
    # What the audit's rules say of the other settings has tests of its own.
    found = [m for m in messages(wrong) if m.id.removeprefix("ringfence.") in REGISTER]
    assert {m.id[10:13] for m in found} >= {"CSR", "COR", "CSP", "ESC", "ISO", "TLS"}
    for message in found:
        assert message.hint
        assert message.msg.startswith(("RINGFENCE", "MIDDLEWARE", "TEMPLATES"))


REFUSED = {"csp": {"default-src": ["self"]}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("migrate", ["--check"]),
        ("showmigrations", ["--list"]),
        ("makemigrations", ["--check", "--dry-run"]),
    ],
    ids=["migrate", "showmigrations", "makemigrations"],
)
def test_commands_that_check_first_go_on(command, arguments) -> None:
    """As ``manage.py`` runs them: an error that a check finds would end them."""
    settings = site(REFUSED, INSTALLED_APPS=APPS, MIDDLEWARE=[FENCE, *CONTRIB[:2]])
    with override_settings(**settings):
        said = StringIO()
        call_command(command, *arguments, skip_checks=False, stdout=said, stderr=said)


@pytest.mark.parametrize("deploy", [False, True], ids=["", "deploy"])
def test_the_check_command_itself_fails(deploy) -> None:
    with (
        override_settings(**site(REFUSED, INSTALLED_APPS=APPS)),
        pytest.raises(SystemCheckError) as caught,
    ):
        call_command("check", deploy=deploy, stdout=StringIO(), stderr=StringIO())
    assert "ringfence.CSP102" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("thing", set()), ("thnig", {"ringfence.CORS123"}), ("inner:thing", set())],
    ids=["known", "misspelt", "in a namespace"],
)
def test_a_policy_of_a_view_that_is_not_there_is_named(name, expected) -> None:
    settings = site({"cors": {"views": {name: {"origins": ["https://a.example"]}}}})
    with override_settings(**settings | {"ROOT_URLCONF": "tests.core.named"}):
        said = [item for item in run_checks() if item.id == "ringfence.CORS123"]
    assert {item.id for item in said} == expected
    assert all("Did you mean 'thing'?" in item.hint for item in said)


@pytest.mark.parametrize(
    ("key", "is_known"),
    [pytest.param("prove", True, id="prove"), pytest.param("learn", False, id="none yet")],
)
def test_the_options_of_tools_are_no_rings(key, is_known) -> None:
    with override_settings(**site({key: {}})):
        assert ("ringfence.RING001" in {item.id for item in run_checks()}) is not is_known


@pytest.mark.parametrize(
    ("below", "expected"),
    [([], True), (["django.contrib.sessions.middleware.SessionMiddleware"], False)],
    ids=["without sessions", "with sessions"],
)
def test_tokens_in_sessions_need_a_session(below, expected) -> None:
    settings = site({}, MIDDLEWARE=[FENCE, *below], CSRF_USE_SESSIONS=True)
    with override_settings(**settings):
        assert ("ringfence.CSRF302" in {item.id for item in run_checks()}) is expected

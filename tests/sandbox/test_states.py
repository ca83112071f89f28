"""Which middlewares and settings make up each state."""

from __future__ import annotations

import pytest

from ringfence.sandbox.states import ENTRY, FENCE, RINGS, STRIP, states

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
FRAME = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"
OWN_CSRF = "project.middleware.LenientCsrf"

STOCK = [SECURITY, CORS, SESSION, CSRF, FRAME]
FENCED = [FENCE, SESSION]


def ancestors(name):
    return [name, CSRF] if name == OWN_CSRF else [name]


def arranged(middleware, ringfence=None, **options):
    found = states(middleware, ringfence, ancestors=ancestors, **options)
    return {state.name: state for state in found}


@pytest.mark.parametrize(
    ("site", "state", "expected"),
    [
        pytest.param(STOCK, "off", [SESSION, STRIP, ENTRY], id="stock, off"),
        pytest.param(STOCK, "reference", [SESSION, STRIP, ENTRY], id="stock, reference"),
        pytest.param(STOCK, "on", [*STOCK, ENTRY], id="stock, on: as it is"),
        pytest.param(STOCK, "csrf", [SESSION, CSRF, STRIP, ENTRY], id="stock, csrf"),
        pytest.param(STOCK, "isolation", [SESSION, FRAME, STRIP, ENTRY], id="stock, isolation"),
        pytest.param(STOCK, "cors", [CORS, SESSION, STRIP, ENTRY], id="stock, cors"),
        pytest.param(STOCK, "csp", [SESSION, STRIP, ENTRY], id="stock has no csp"),
        pytest.param(STOCK, "transport", [SECURITY, SESSION, STRIP, ENTRY], id="stock, transport"),
        pytest.param(
            [SESSION, OWN_CSRF], "off", [SESSION, STRIP, ENTRY], id="a subclass protects too"
        ),
        pytest.param(
            [SESSION, OWN_CSRF], "csrf", [SESSION, OWN_CSRF, STRIP, ENTRY], id="a subclass, csrf"
        ),
        pytest.param(FENCED, "off", [SESSION, STRIP, ENTRY], id="fenced, off"),
        pytest.param(FENCED, "on", [FENCE, SESSION, ENTRY], id="fenced, on"),
        pytest.param(FENCED, "csp", [FENCE, SESSION, STRIP, ENTRY], id="fenced, csp"),
        pytest.param(
            [*FENCED, CSRF], "cors", [FENCE, SESSION, STRIP, ENTRY], id="fenced beside Django's"
        ),
    ],
)
def test_middleware(site, state, expected):
    assert arranged(site)[state].settings["MIDDLEWARE"] == expected


@pytest.mark.parametrize("ring", RINGS)
def test_a_ring_alone_has_every_other_off_and_its_own_settings(ring):
    config = {"csp": "strict", "cors": {"origins": ["https://a.example"]}, "other": 1}
    found = arranged(FENCED, config)[ring].settings["RINGFENCE"]
    assert {name for name in RINGS if found.get(name) is False} == set(RINGS) - {ring}
    assert found["other"] == 1
    assert found.get(ring) == config.get(ring)


def test_a_ring_that_the_site_switched_off_stays_off_alone():
    assert arranged(FENCED, {"csrf": False})["csrf"].settings["RINGFENCE"]["csrf"] is False


@pytest.mark.parametrize(
    ("site", "state", "permissive"),
    [
        pytest.param(STOCK, "off", True, id="off"),
        pytest.param(STOCK, "reference", True, id="reference"),
        pytest.param(STOCK, "on", False, id="on: the site's own cookies"),
        pytest.param(STOCK, "csrf", True, id="another ring"),
        pytest.param(STOCK, "transport", False, id="its own cookies are a site's transport"),
        pytest.param(FENCED, "transport", True, id="the fence's transport has to mend them"),
    ],
)
def test_cookies(site, state, permissive):
    assert ("SESSION_COOKIE_SAMESITE" in arranged(site)[state].settings) is permissive


@pytest.mark.parametrize("site", [STOCK, FENCED], ids=["stock", "fenced"])
def test_what_the_sandbox_does_for_a_ring_that_is_off(site):
    found = arranged(site)
    unchecked = {name for name, state in found.items() if not state.checks_csrf}
    reflecting = {name for name, state in found.items() if state.reflects_origins}
    assert unchecked == {"off", "reference", *RINGS} - {"csrf"}
    assert reflecting == {"off", *RINGS} - {"cors"}
    assert [name for name, state in found.items() if state.reference] == ["reference"]


DJANGO = "django.template.backends.django.DjangoTemplates"
OURS = "ringfence.template.DjangoTemplates"
JINJA2 = "django.template.backends.jinja2.Jinja2"
OUR_JINJA2 = "ringfence.template.Jinja2"
OWN_ENGINE = "project.engines.Escaping"
OTHER = "django_mako_plus.MakoTemplates"


def engines(*names, put_in=False):
    def bases(name):
        return [name, OURS, DJANGO] if name == OWN_ENGINE else [name]

    templates = [{"BACKEND": name, "OPTIONS": {"debug": True}} for name in names]
    found = states(FENCED, None, ancestors=bases, templates=templates, put_in=put_in)
    for state in found:
        assert all(engine["OPTIONS"] == {"debug": True} for engine in state.settings["TEMPLATES"])
    return {
        state.name: [engine["BACKEND"] for engine in state.settings["TEMPLATES"]] for state in found
    }


@pytest.mark.parametrize(
    ("site", "off", "on"),
    [
        pytest.param([DJANGO], [DJANGO], [DJANGO], id="stock"),
        pytest.param([OURS], [DJANGO], [OURS], id="ours"),
        pytest.param(
            [OURS, OUR_JINJA2, OTHER], [DJANGO, JINJA2, OTHER], [OURS, OUR_JINJA2, OTHER], id="more"
        ),
        pytest.param([OWN_ENGINE], [DJANGO], [OWN_ENGINE], id="a project's own"),
    ],
)
def test_template_engines(site, off, on):
    found = engines(*site)
    assert found["on"] == found["escaping"] == on
    for name in set(found) - {"on", "escaping"}:
        assert found[name] == off


def test_template_engines_can_be_put_in():
    found = engines(DJANGO, JINJA2, OTHER, put_in=True)
    assert found["on"] == found["escaping"] == [OURS, OUR_JINJA2, OTHER]
    assert found["off"] == found["csp"] == [DJANGO, JINJA2, OTHER]


def test_ringfence_can_be_put_in():
    found = arranged(STOCK, put_in=True)
    assert found["on"].settings["MIDDLEWARE"] == [FENCE, SESSION, ENTRY]
    assert found["csrf"].settings["MIDDLEWARE"] == [FENCE, SESSION, STRIP, ENTRY]

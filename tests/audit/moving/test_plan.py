"""What moving in changes, decided of facts alone."""

from __future__ import annotations

import pytest

from ringfence.audit.model import UNKNOWN, Place, Project, Setting, Settings
from ringfence.audit.moving import Around, plan
from ringfence.replaced import FENCE, REPLACED, SINGLE

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"
DJANGO = "django.template.backends.django.DjangoTemplates"
HERE = Place("shop/settings.py", 7)


def project(purpose="deployed", **values):
    given = {name: Setting(value, HERE) for name, value in values.items()}
    return Project(settings=[Settings("shop.settings", "shop/settings.py", purpose, given)])


def test_what_changes_is_said_in_sentences():
    made = plan(
        project(
            MIDDLEWARE=[CORS, "shop.m.A", CSRF],
            INSTALLED_APPS=["corsheaders", "shop"],
            TEMPLATES=[{"BACKEND": DJANGO}],
        ),
        Around({"corsheaders": []}),
    )
    assert made.sentences == [
        f"shop/settings.py:7: MIDDLEWARE: {FENCE} comes first, in the place of {CORS}, {CSRF}",
        "shop/settings.py:7: INSTALLED_APPS: ringfence comes in; corsheaders goes",
        f"shop/settings.py:7: TEMPLATES: {DJANGO} becomes ringfence.template.DjangoTemplates",
    ]
    assert [goal.after for goal in made.goals][:2] == [(FENCE, "shop.m.A"), ("ringfence", "shop")]
    assert (made.by_hand, made.notes) == (
        (),
        ("shop/settings.py: django-cors-headers is needed no more: nothing else here uses it.",),
    )


def test_where_it_is_in_use_nothing_changes():
    made = plan(
        project(
            MIDDLEWARE=[FENCE, "shop.m.A"],
            INSTALLED_APPS=["ringfence", "shop"],
            TEMPLATES=[{"BACKEND": "ringfence.template.DjangoTemplates"}],
        )
    )
    assert (made.sentences, made.by_hand) == ([], ())


@pytest.mark.parametrize("name", [*REPLACED, *SINGLE])
def test_each_middleware_is_replaced(name):
    made = plan(project(MIDDLEWARE=[FENCE, name], INSTALLED_APPS=["ringfence"]))
    assert {goal.setting: goal.after for goal in made.goals}["MIDDLEWARE"] == (FENCE,)


def test_what_nobody_deploys_has_no_goal_of_its_own():
    made = plan(project("development", MIDDLEWARE=[CSRF], INSTALLED_APPS=[]))
    assert made.goals == ()
    assert [goal.setting for goal in made.allowed] == ["MIDDLEWARE", "INSTALLED_APPS"]


@pytest.mark.parametrize(
    ("values", "setting"),
    [
        ({"MIDDLEWARE": UNKNOWN, "INSTALLED_APPS": ["ringfence"]}, "MIDDLEWARE"),
        ({"MIDDLEWARE": [UNKNOWN, CSRF], "INSTALLED_APPS": ["ringfence"]}, "MIDDLEWARE"),
        ({"MIDDLEWARE": [FENCE], "INSTALLED_APPS": UNKNOWN}, "INSTALLED_APPS"),
        (
            {"MIDDLEWARE": [FENCE], "INSTALLED_APPS": ["ringfence"], "TEMPLATES": UNKNOWN},
            "TEMPLATES",
        ),
    ],
    ids=["all", "what comes first", "the apps", "the engines"],
)
def test_what_is_not_known_is_for_somebodys_hands(values, setting):
    made = plan(project(**values))
    assert made.goals == ()
    assert [each.setting for each in made.by_hand] == [setting]


def test_what_is_not_known_may_stand_behind():
    (goal,) = plan(project(MIDDLEWARE=[CSRF, UNKNOWN], INSTALLED_APPS=["ringfence"])).goals
    assert goal.after == (FENCE, UNKNOWN)

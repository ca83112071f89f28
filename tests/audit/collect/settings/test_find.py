"""Which settings modules are found, and what each is for."""

from __future__ import annotations

import pytest

from ringfence.audit.collect import settings
from tests.audit.rules.settings.sites import URLS, site

#: Files, and the purpose of each module that is a settings module.
TREES = {
    "one module": ({"shop__settings": URLS}, {"shop.settings": "deployed"}),
    "a module for each place": (
        {
            "shop__settings__base": URLS,
            "shop__settings__dev": "from .base import *\nDEBUG = True\n",
            "shop__settings__production": "from .base import *\nDEBUG = False\n",
            "shop__settings__test": "from .base import *\n",
        },
        {
            "shop.settings.base": "base",
            "shop.settings.dev": "development",
            "shop.settings.production": "deployed",
            "shop.settings.test": "test",
        },
    ),
    "two servers": (
        {
            "shop__settings": URLS,
            "shop__settings_staging": "from .settings import *\n",
            "shop__settings_live": "from shop.settings import *\n",
        },
        {
            "shop.settings": "base",
            "shop.settings_staging": "deployed",
            "shop.settings_live": "deployed",
        },
    ),
    "settings that only tests and developers build upon": (
        {
            "shop__settings": URLS,
            "shop__settings_dev": "from .settings import *\n",
            "shop__settings_test": "from .settings import *\n",
        },
        {
            "shop.settings": "deployed",
            "shop.settings_dev": "development",
            "shop.settings_test": "test",
        },
    ),
    "a base, and nothing for a server": (
        {"shop__settings__base": URLS, "shop__settings__local": "from .base import *\n"},
        {"shop.settings.base": "deployed", "shop.settings.local": "development"},
    ),
    "a package's example": (
        {"setup": "", "sandbox__settings": URLS, "tests__settings": URLS},
        {"sandbox.settings": "development", "tests.settings": "test"},
    ),
    "a site called example": ({"example__settings": URLS}, {"example.settings": "deployed"}),
    "a site called test": (
        {
            "manage": 'os.environ["DJANGO_SETTINGS_MODULE"] = "test.settings"',
            "test__settings": URLS,
        },
        {"test.settings": "deployed"},
    ),
    "an app's own settings": (
        {
            "shop__settings": URLS,
            "app__settings": "from django.conf import settings\nA = settings.A\n",
        },
        {"shop.settings": "deployed"},
    ),
    "no settings": ({"app__views": "from .models import *\n"}, {}),
    "settings that are named": (
        {
            "wsgi": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.conf.main")',
            "shop__conf__main": URLS,
        },
        {"shop.conf.main": "deployed"},
    ),
}


@pytest.mark.parametrize(("files", "expected"), TREES.values(), ids=TREES)
def test_purposes(files, expected, tmp_path):
    found = site(tmp_path, **files).settings

    assert {each.module: each.purpose for each in found} == expected


@pytest.mark.parametrize(
    "chosen", ["shop.settings.dev", "shop/settings/dev.py"], ids=["name", "path"]
)
def test_what_is_chosen_is_deployed_and_nothing_else(chosen, tmp_path):
    project = site(
        tmp_path,
        shop__settings__base=URLS,
        shop__settings__dev="from .base import *\n",
        shop__settings__production="from .base import *\n",
    )
    found, skipped = settings.read(tmp_path, project.python, chosen)

    assert [each.module for each in found if each.purpose == "deployed"] == ["shop.settings.dev"]
    assert skipped == []


def test_what_is_chosen_and_is_not_there_is_said(tmp_path):
    project = site(tmp_path, shop__settings=URLS)
    _, skipped = settings.read(tmp_path, project.python, "shop.nothing")

    assert [(each.path, each.reason) for each in skipped] == [
        ("shop.nothing", "there is no such settings module in the tree")
    ]

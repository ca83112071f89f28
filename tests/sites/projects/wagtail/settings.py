"""What ``wagtail start`` makes, with a page of every kind of field and a snippet added."""

from __future__ import annotations

import os
import sys

sys.path.insert(0, f"{os.environ['SITES_FOLDER']}/started")

from fresh.settings.base import *  # noqa: F403

INSTALLED_APPS = [
    *INSTALLED_APPS,  # noqa: F405
    "wagtail.contrib.settings",
    "wagtail.contrib.styleguide",
    "wagtail.contrib.table_block",
    "tests.sites.projects.wagtail.pieces",
]
TEMPLATES[0]["OPTIONS"]["context_processors"].append(  # noqa: F405
    "wagtail.contrib.settings.context_processors.settings"
)
ROOT_URLCONF = "tests.sites.projects.wagtail.urls"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# The version is a hash of the folder's name among others.
WAGTAILADMIN_STATIC_FILE_VERSION_STRINGS = False
WAGTAILADMIN_BASE_URL = "http://testserver"

# Made when the site is prepared: they name the migrations of the Wagtail that is installed.
MIGRATION_MODULES = {"pieces": "made_migrations"}

"""A second set of places, attacks and harmless values, written without a look at the first."""

from __future__ import annotations

from tests.browser.lab.second.markup import MARKUP
from tests.browser.lab.second.scripts import SCRIPTS
from tests.browser.lab.second.styles import STYLES
from tests.browser.lab.second.urls import URLS

__all__ = ["CONTEXTS"]

CONTEXTS = (*MARKUP, *URLS, *SCRIPTS, *STYLES)

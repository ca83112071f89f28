"""The same pages, and one whose address begins with a language."""

from __future__ import annotations

from tests.core.site import I18N
from tests.core.site import urlpatterns as untranslated

urlpatterns = [*untranslated, *I18N]

"""DRF491: the API is open to everybody by default."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._drf import setting
from ringfence.audit.rules._settings import LOW, MEDIUM, deployed, hit, texts


def _check(site: Settings) -> Iterator[Hit]:
    for fact, value in setting(site, "DEFAULT_PERMISSION_CLASSES"):
        allowing = [each for each in texts(value) if each.endswith("AllowAny")]
        if allowing:
            yield hit(
                fact,
                "A view that names no permission_classes can be used by everybody.",
                '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]',
                confidence=MEDIUM,
                at=allowing[0],
            )
        elif isinstance(value, (list, tuple)) and not value:
            yield hit(
                fact,
                "No permission is asked for: a view that names no permission_classes can be used "
                "by everybody.",
                '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]',
                confidence=MEDIUM,
            )
        elif value is None:
            yield hit(
                fact,
                "REST framework's own default is AllowAny: a view that names no "
                "permission_classes can be used by everybody.",
                '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]',
                confidence=LOW,
            )
        return


RULE = Rule("DRF491", "settings", deployed(_check))

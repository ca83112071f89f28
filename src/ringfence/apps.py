"""Start-up: compile the fence and register the checks."""

from __future__ import annotations

from django.apps import AppConfig


class RingfenceConfig(AppConfig):
    """Compiles the settings, keeps their errors for the checks, and raises none of them.

    So that every management command still runs with a configuration that serves nothing.
    """

    name = "ringfence"
    verbose_name = "ringfence"

    def ready(self) -> None:
        """Compile and register, once the site's other apps are loaded."""
        from ringfence import checks, conf  # noqa: PLC0415 - they need the other apps

        conf.current()
        checks.register()

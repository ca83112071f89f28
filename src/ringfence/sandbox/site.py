"""The victim's site: the user's own project, booted in this process in one state after another."""

from __future__ import annotations

import http.client
import logging
import secrets
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception
from django.test.utils import override_settings
from django.utils.module_loading import import_string

from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.journal import Journal
from ringfence.sandbox.server import LOOPBACK, Authority, TlsServer
from ringfence.sandbox.states import State, states
from ringfence.sandbox.surroundings import Shell, UncheckedHandler, gate

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.sandbox.database import DatabaseCopy
    from ringfence.sandbox.visitors import Visitor

__all__ = ["VICTIM_HOST", "VictimSite", "private_settings", "site_states"]

#: Resolves to loopback in every browser (RFC 6761, section 6.3), and is a site of its own:
#: ``localhost`` is no public suffix, so ``victim.localhost`` is the registrable domain.
VICTIM_HOST = "victim.localhost"


#: Sessions that live in a cache have one of their own, so that pages can be forgotten without.
_SESSIONS = "ringfence sessions"


class VictimSite:
    """The site under attack. :meth:`arrange` puts it into a state."""

    def __init__(self, authority: Authority, database: DatabaseCopy) -> None:
        self.journal = Journal()
        self.database = database
        self._authority = authority
        self._server = TlsServer(VICTIM_HOST, authority, _closed)

    @property
    def origin(self) -> str:
        """The origin of the site."""
        return self._server.origin

    @property
    def port(self) -> int:
        """The port of the site."""
        return self._server.port

    @property
    def trust(self) -> ssl.SSLContext:
        """The TLS context of a client of the site's, which asks loopback and no resolver."""
        return _for_loopback(self._authority)

    @contextmanager
    def serving(self) -> Iterator[VictimSite]:
        """Serve until the block is left."""

        def note(**_: Any) -> None:
            self.journal.error = repr(sys.exc_info()[1])

        got_request_exception.connect(note, weak=False)
        try:
            with self._server:
                yield self
        finally:
            got_request_exception.disconnect(note)

    @contextmanager
    def arrange(self, state: State) -> Iterator[None]:
        """Put the site into ``state`` for the block, on the kept database and empty caches.

        Raises :class:`SandboxError` where the site does not start in that state.
        """
        with override_settings(**state.settings):
            self.refresh()
            handler = WSGIHandler if state.checks_csrf else UncheckedHandler
            try:
                site: WSGIHandler = handler()
            except ImproperlyConfigured as error:
                raise SandboxError(f"The site does not start in this state: {error}") from error
            if settings.DEBUG and "django.contrib.staticfiles" in settings.INSTALLED_APPS:
                # As runserver does it.
                site = StaticFilesHandler(site)
            self._server.application = Shell(site, state, self.journal)
            try:
                yield
            finally:
                self._server.application = _closed

    def refresh(self) -> None:
        """Return to the kept database, and forget what was cached of another; sessions stay."""
        self.database.reset()
        for alias in settings.CACHES:
            if alias != _SESSIONS:
                caches[alias].clear()

    def admit(self, visitor: Visitor) -> str:
        """Return the URL that logs ``visitor`` in, once."""
        return self.origin + gate.admit(visitor.pk)

    @property
    def session_began(self) -> bool:
        """Whether the last visitor was let in."""
        return bool(gate.cookie)

    @property
    def session_left_to_browser(self) -> bool:
        """Whether the session cookie names no SameSite, so that the browser's default decides."""
        return not gate.samesite_stated

    def fetch(self, path: str, cookie: str = "") -> tuple[int, str, str]:
        """Get a page without a browser: status, content type, text. For looking, not for proof."""
        connection = http.client.HTTPSConnection(
            LOOPBACK, self.port, timeout=20, context=self.trust
        )
        try:
            headers = {"Host": f"{VICTIM_HOST}:{self.port}", "Cookie": cookie}
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            return response.status, response.headers.get_content_type(), text
        finally:
            connection.close()


def _closed(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer between two states: nothing is served."""
    start_response("503 Service Unavailable", [("Content-Length", "0")])
    return [b""]


def _for_loopback(authority: Authority) -> ssl.SSLContext:
    context = authority.client_context()
    # The name stands in the Host header; the address is loopback's, so that no resolver is asked.
    context.check_hostname = False
    return context


def site_states(*, put_in: bool) -> tuple[State, ...]:
    """Return the states of the configured project."""
    return states(
        settings.MIDDLEWARE,
        getattr(settings, "RINGFENCE", None),
        ancestors=_ancestors,
        templates=settings.TEMPLATES,
        put_in=put_in,
    )


def _ancestors(name: str) -> list[str]:
    middleware = import_string(name)
    if not isinstance(middleware, type):
        return [name]
    return [name, *(f"{base.__module__}.{base.__qualname__}" for base in middleware.__mro__)]


def _kept_mail() -> dict[str, Any]:
    """Return the settings by which mail is kept and not sent."""
    backend = "django.core.mail.backends.locmem.EmailBackend"
    # Django 6.1 and later; a project has the one setting or the other.
    mailers = getattr(settings, "MAILERS", None)
    if mailers is not None:
        return {"MAILERS": {alias: {"BACKEND": backend} for alias in mailers}}
    return {"EMAIL_BACKEND": backend}


@contextmanager
def private_settings(folder: Path) -> Iterator[None]:
    """Replace what a run must not share with the site: caches, sessions, mail, uploads, hosts."""
    token = secrets.token_hex(6)
    replaced: dict[str, Any] = {
        "ALLOWED_HOSTS": [*settings.ALLOWED_HOSTS, VICTIM_HOST],
        "CACHES": {
            alias: {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "LOCATION": f"ringfence-{token}-{alias}",
            }
            for alias in (*settings.CACHES, _SESSIONS)
        },
        "SESSION_CACHE_ALIAS": _SESSIONS,
        **_kept_mail(),
        "MEDIA_ROOT": str(folder / "media"),
        # The real host's cookies name the real host.
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_DOMAIN": None,
        "SESSION_FILE_PATH": str(folder),
        "STORAGES": {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(folder / "media")},
            },
        },
    }
    level = logging.root.manager.disable
    with ExitStack() as stack:
        stack.enter_context(override_settings(**replaced))
        # What the attacks provoke would fill the terminal; the journal keeps what matters.
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, level)
        yield

"""The victim's site: the user's own project, booted in this process in one state after another."""

from __future__ import annotations

import logging
import secrets
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import mail
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception
from django.test.utils import override_settings
from django.utils.module_loading import import_string

from ringfence.sandbox.client import Answer, Client
from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.journal import Journal
from ringfence.sandbox.lines import Lines
from ringfence.sandbox.names import VICTIM_HOST, Names
from ringfence.sandbox.server import Authority, Server
from ringfence.sandbox.shell import Shell
from ringfence.sandbox.states import State, states
from ringfence.sandbox.surroundings import UncheckedHandler, gate
from ringfence.sandbox.taint import Taint
from ringfence.sandbox.trail import Trail

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ringfence.sandbox.database import DatabaseCopy
    from ringfence.sandbox.visitors import Visitor

__all__ = ["Mail", "VictimSite", "private_settings", "site_states"]

_QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"

#: Sessions that live in a cache have one of their own, so that pages can be forgotten without.
_SESSIONS = "ringfence sessions"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the site would have sent."""

    to: tuple[str, ...]
    subject: str
    body: str


class VictimSite:
    """The site under attack. :meth:`arrange` puts it into a state."""

    def __init__(self, authority: Authority, database: DatabaseCopy, names: Names) -> None:
        self.journal = Journal()
        self.trail = Trail()
        self.taint = Taint()
        self.lines = Lines()
        self.database = database
        self.names = names
        self._authority = authority
        self._server = Server(names.victim, authority, _closed)
        self._mails_before = 0
        self._client = Client(self._server.port, self.trust)

    @property
    def origin(self) -> str:
        """The origin of the site."""
        return self._server.origin

    @property
    def port(self) -> int:
        """The port of the site."""
        return self._server.port

    @property
    def host(self) -> str:
        """The host and the port, as the ``Host`` header has them."""
        return f"{self.names.victim}:{self.port}"

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
            self._client.close()
            got_request_exception.disconnect(note)

    @contextmanager
    def arrange(self, state: State) -> Iterator[None]:
        """Put the site into ``state`` for the block, on the kept database and empty caches.

        Raises :class:`SandboxError` where the site does not start in that state.
        """
        with override_settings(**state.settings, **(_no_caches() if state.reference else {})):
            self.refresh()
            handler = WSGIHandler if state.checks_csrf else UncheckedHandler
            try:
                site: WSGIHandler = handler()
            except ImproperlyConfigured as error:
                raise SandboxError(f"The site does not start in this state: {error}") from error
            if settings.DEBUG and "django.contrib.staticfiles" in settings.INSTALLED_APPS:
                # As runserver does it.
                site = StaticFilesHandler(site)
            self._mails_before = len(getattr(mail, "outbox", ()))
            self._server.application = Shell(
                site, state, self.journal, host=self.host, uploads=_uploads()
            )
            try:
                yield
            finally:
                self._server.application = _closed
                self._client.close()
                self.journal.forget()
                self.trail.forget()

    def refresh(self) -> None:
        """Return to the kept database, and forget what was cached of another; sessions stay."""
        self.database.reset()
        for alias in settings.CACHES:
            if alias != _SESSIONS:
                caches[alias].clear()

    def admit(self, visitor: Visitor, *, bare: bool = False) -> str:
        """Return the URL that logs ``visitor`` in, once.

        With ``bare`` the cookies have no flags, in a state where nothing gives them any.
        """
        return self.origin + gate.admit(visitor.pk, bare=bare)

    @property
    def session_cookie(self) -> str:
        """The name of the session cookie that the last visitor was given."""
        return gate.cookie

    @property
    def session_began(self) -> bool:
        """Whether the last visitor was let in."""
        return bool(gate.cookie)

    @property
    def sessions_ended(self) -> int:
        """How often the site has taken a visitor's session away since it was booted."""
        return gate.ended

    @property
    def session_is_for_tls(self) -> bool:
        """Whether the session cookie says that it is for TLS alone."""
        return gate.secure

    @property
    def session_left_to_browser(self) -> bool:
        """Whether the session cookie names no SameSite, so that the browser's default decides."""
        return not gate.samesite_stated

    def ask(
        self,
        method: str,
        target: str,
        *,
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send a request without a browser, as its visitor's own browser would from the site.

        ``target`` is a path with its query; ``headers`` replace those that are sent by default.
        """
        sent = {
            "Host": self.host,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "User-Agent": "Mozilla/5.0 (ringfence)",
            "Sec-Fetch-Site": "same-origin",
            **({"Cookie": cookie} if cookie else {}),
            **(headers or {}),
        }
        return self._client.ask(method, target, sent, body)

    def mails(self) -> tuple[Mail, ...]:
        """Return the mails that were kept and not sent since the state was arranged."""
        kept = getattr(mail, "outbox", ())[self._mails_before :]
        return tuple(Mail(tuple(each.to), str(each.subject), str(each.body)) for each in kept)


def _no_caches() -> dict[str, Any]:
    """Return the settings by which nothing is kept from one visitor to the next but sessions."""
    dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    return {
        "CACHES": {
            alias: config if alias == _SESSIONS else dummy
            for alias, config in settings.CACHES.items()
        }
    }


def _uploads() -> tuple[str, ...]:
    """Return the path below which uploads are served, where the site serves them itself."""
    place = settings.MEDIA_URL
    return (place,) if place.startswith("/") and place != "/" else ()


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


def _unnamed(names: Names) -> list[str]:
    """Return the host that the site does not allow by itself, if that is what is used."""
    return [names.victim] if names.victim == VICTIM_HOST else []


@contextmanager
def private_settings(folder: Path, names: Names) -> Iterator[None]:
    """Replace what a run must not share with the site: caches, sessions, mail, uploads, hosts."""
    token = secrets.token_hex(6)
    replaced: dict[str, Any] = {
        "ALLOWED_HOSTS": [*settings.ALLOWED_HOSTS, *_unnamed(names)],
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
        # Where the site names no host that the browser could be given, its cookies' is a
        # developer's.
        **dict.fromkeys(("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN") if _unnamed(names) else ()),
        # Visitors have passwords, and nobody waits for a slow hash; those stored stay readable.
        "PASSWORD_HASHERS": [_QUICK_HASHER, *settings.PASSWORD_HASHERS],
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

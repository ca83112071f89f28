"""What is asked of every site beside its pages. The rules say what an answer must be to count."""

from __future__ import annotations

from typing import Final

__all__ = ["DEBUG", "FILES", "FOREIGN", "HOSTS_OF_EVIL", "origins"]

#: A host that nobody has (RFC 6761, section 6.5).
FOREIGN: Final = "ringfence-probe.example"
HOSTS_OF_EVIL: Final = "evil.example"

#: Files that a server hands out by mistake.
FILES: Final = (
    "/.git/HEAD",
    "/.hg/requires",
    "/.svn/wc.db",
    "/.env",
    "/db.sqlite3",
    "/manage.py",
    "/settings.py",
    "/settings.py.bak",
    "/local_settings.py",
    "/backup.sql",
    "/dump.sql",
    "/backup.zip",
)

#: Pages of tools for debugging.
DEBUG: Final = ("/__debug__/render_panel/?store_id=x&request_id=x&panel_id=x", "/silk/")


def origins(scheme: str, host: str, netloc: str) -> tuple[str, ...]:
    """Return the origins that a site with a careless list of origins takes for its own.

    >>> origins("https", "shop.example", "shop.example")[2:]
    ('https://shop.example.evil.example', 'https://evilshop.example', 'http://shop.example')
    """
    return (
        f"https://{HOSTS_OF_EVIL}",
        "null",
        f"{scheme}://{netloc.partition(':')[0]}.{HOSTS_OF_EVIL}",
        f"{scheme}://evil{netloc}",
        *((f"http://{host}",) if scheme == "https" else ()),
    )

"""Subresource integrity of static files, where the storage names them by their content.

A file whose name holds a hash of its content never changes under that name, so the digest of what
is stored now is that of what any browser should get (W3C Subresource Integrity, section 3.3).
"""

from __future__ import annotations

import base64
import functools
import hashlib

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

__all__ = ["attribute"]


def attribute(url: str) -> str:
    """Return the ``integrity`` attribute for ``url``, "" where the file is not known.

    Known are the files that the manifest of the site's static files storage lists.
    """
    prefix = settings.STATIC_URL or ""
    if not prefix or not url.startswith(prefix):
        return ""
    name = url[len(prefix) :].partition("?")[0].partition("#")[0]
    digest = _digest(name)
    return f' integrity="sha384-{digest}"' if digest else ""


def _digest(name: str) -> str:
    from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: PLC0415 -- an app

    try:
        hashed: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    except ImproperlyConfigured:
        return ""
    return _of_file(staticfiles_storage, name) if name in hashed.values() else ""


@functools.lru_cache(maxsize=1024)
def _of_file(storage: object, name: str) -> str:
    try:
        with storage.open(name) as file:  # type: ignore[attr-defined]  # a lazy storage
            return base64.b64encode(hashlib.sha384(file.read()).digest()).decode("ascii")
    except OSError:
        return ""

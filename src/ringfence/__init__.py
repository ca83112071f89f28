"""Every ring of defence for a Django site, at once.

Put ``ringfence.middleware.RingfenceMiddleware`` first in ``MIDDLEWARE`` and ``"ringfence"`` into
``INSTALLED_APPS``; say the rest, if anything, in the setting ``RINGFENCE``.
"""

from __future__ import annotations

__version__ = "0.1.0"

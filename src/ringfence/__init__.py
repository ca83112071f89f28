"""Every ring of defence for a Django site, at once.

Put ``ringfence.middleware.RingfenceMiddleware`` first in ``MIDDLEWARE`` and ``"ringfence"`` into
``INSTALLED_APPS``; say the rest, if anything, in the setting ``RINGFENCE``. ``NONCE`` stands in a
policy for the response's nonce (Django 6's ``CSP.NONCE`` is the same).
"""

from __future__ import annotations

from ringfence.rings.csp.placeholder import NONCE

__all__ = ["NONCE", "__version__"]
__version__ = "0.1.0"

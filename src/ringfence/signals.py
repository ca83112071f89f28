"""Signals that ringfence sends.

``check_request_enabled``
    Sent with ``sender=None`` and ``request`` before a cross-origin request is answered; a receiver
    that returns a true value allows its origin. The name and the meaning are
    django-cors-headers', so that receivers move over unchanged.

``request_refused``
    Sent after a ring refused a request, or would have refused it in report-only mode, with
    ``sender`` the ring's name (``"csrf"``, ``"isolation"``), ``request``, ``reason`` (a
    :class:`ringfence.reason.Reason`) and ``report_only``. What a receiver raises is logged and
    changes nothing.

``value_refused``
    Sent when a template's variable could not be rendered safely where it stands, with ``sender``
    ``"escaping"``, ``template`` (its name), ``line``, ``variable`` (its source text, not its
    value), ``context`` (what it stands in), ``reason``, ``fix`` and ``request`` (None where there
    is none). What a receiver raises changes nothing.
"""

from django.dispatch import Signal

check_request_enabled = Signal()
request_refused = Signal()
value_refused = Signal()

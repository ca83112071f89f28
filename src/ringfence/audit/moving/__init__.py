"""Moving in: what ``ringfence init`` changes in a site's settings, and how.

:mod:`.plan` decides it of the facts alone; :mod:`.making` makes edits of it, each part of them only
if the settings, read again, have become exactly what was planned.
"""

from ringfence.audit.moving.plan import Around, Plan, plan

__all__ = ["Around", "Plan", "plan"]

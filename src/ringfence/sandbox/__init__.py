"""Boots the user's own site over TLS on loopback, to be attacked.

Beside it stand a copy of its database, a victim, an attacker's site and a browser. Uses no ring's
code: a proof cannot share a ring's bug.
"""

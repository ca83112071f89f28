"""What can be wrong with a policy that a browser was sent, one file a family of checks.

Each check is a function that yields :class:`~ringfence.rings.csp.grammar.Problem` values; each
file ends with its checks as an explicit list.
"""

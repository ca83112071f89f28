"""A probe asks the market as its attack does, of a hole and of its twin alike.

``probe(side) -> Seen``. Where there is a hole every sign of it is there; on a twin there is none.
"""

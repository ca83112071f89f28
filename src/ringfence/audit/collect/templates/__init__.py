"""Templates: a file's text to facts, without Django's settings and without anything of the tree."""

from ringfence.audit.collect.templates.link import relinked, settle
from ringfence.audit.collect.templates.paths import is_template
from ringfence.audit.collect.templates.reader import Standing, read_template

__all__ = ["Standing", "is_template", "read", "read_template", "relinked", "settle"]

read = read_template

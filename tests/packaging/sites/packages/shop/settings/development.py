"""On a developer's machine."""

from .base import *

DEBUG = True
MIDDLEWARE.insert(0, "shop.middleware.Seen")

"""On the server."""

from .base import *

DEBUG = False
ALLOWED_HOSTS = ["shop.example.com"]
MIDDLEWARE += ["django_permissions_policy.PermissionsPolicyMiddleware"]
MIDDLEWARE = ["shop.middleware.Seen"] + MIDDLEWARE

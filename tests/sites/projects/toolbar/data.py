from __future__ import annotations


def load():
    from django.contrib.auth.models import User

    User.objects.create_user("<b>&'\"", "", "x")
    return [User.objects.create_superuser("keeper", "keeper@example.com", "keeper")]

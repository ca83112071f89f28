from __future__ import annotations


def load():
    from allauth.account.models import EmailAddress
    from allauth.socialaccount.models import SocialAccount
    from django.contrib.auth.models import User

    keeper = User.objects.create_superuser("keeper", "keeper@example.com", "keeper-of-keys")
    for i, address in enumerate(["keeper@example.com", 'o\'hara+"x"&y@example.com']):
        EmailAddress.objects.create(user=keeper, email=address, primary=not i, verified=not i)
    SocialAccount.objects.create(
        user=keeper, provider="dummy", uid="1", extra_data={"email": "<b>&'\"@example.com"}
    )
    return [keeper, User.objects.create_user("o'hara&<b>", "", "guest-of-keeper")]

"""The market's rows: enough that every page has something to show, with keys that never change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from sieve.accounts.models import Profile
from sieve.letters.models import Letter, Report, Signature
from sieve.listings.models import Favourite, Listing
from sieve.newsletter.models import Subscriber
from sieve.uploads.models import Upload

__all__ = ["PASSWORD", "seed"]

#: Everybody's: an example has nothing to lose.
PASSWORD = "market-day"  # noqa: S105

NEIGHBOURS: dict[str, dict[str, bool]] = {
    "ada": {},
    "ben": {},
    "staff": {"is_staff": True},
    "root": {"is_staff": True, "is_superuser": True},
}
LETTER = UUID("3f0a4c1e-5d52-4b6e-9d0b-7a0c4d6a1b01")
PICTURE = UUID("3f0a4c1e-5d52-4b6e-9d0b-7a0c4d6a1b02")


def seed() -> None:
    """Fill an empty market, and leave a filled one as it is."""
    if Listing.objects.exists():
        return
    users = _neighbours()
    for pk, (owner, title) in enumerate((("ada", "Apples"), ("ben", "A bench"), ("ada", "Hay")), 1):
        listing = Listing(
            pk=pk, owner=users[owner], title=title, slug=title.lower().replace(" ", "-")
        )
        _fill(listing)
    Favourite.objects.create(pk=1, who=users["ada"], listing_id=2)
    Letter.objects.create(
        pk=1, key=LETTER, sender=users["ben"], recipient=users["ada"], text="The bench is yours."
    )
    Signature.objects.create(owner=users["ada"], text="Ada, by the harbour")
    _fill(Report(pk=1))
    _fill(Subscriber(pk=1, email="ada@victim.localhost"))
    Upload.objects.create(
        pk=1,
        key=PICTURE,
        owner=users["ada"],
        name="apple.svg",
        title="An apple",
        content_type="image/svg+xml",
        content=b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>',
    )


def _neighbours() -> dict[str, Any]:
    model = get_user_model()
    users = {}
    for pk, (name, rights) in enumerate(NEIGHBOURS.items(), 1):
        user = model(pk=pk, username=name, email=f"{name}@victim.localhost", **rights)
        user.set_password(PASSWORD)
        user.save()
        profile = Profile.objects.get(owner=user)
        profile.notify, profile.iban = user.email, f"XX{pk:02} 1234 5678 {pk:04}"
        _fill(profile)
        users[name] = user
    return users


def _fill(row: Any) -> None:
    """Write something harmless into the row's empty texts, and save it."""
    for field in row._meta.local_concrete_fields:  # noqa: SLF001 - documented
        if field.get_internal_type() in ("CharField", "TextField") and not getattr(row, field.name):
            setattr(row, field.name, f"some {field.name.replace('_', ' ')}")
    row.save()

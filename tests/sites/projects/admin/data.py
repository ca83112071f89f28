"""The library's books. Their words hold every character that an escaper might trip over."""

from __future__ import annotations

import datetime
import uuid

NAMES = [
    'Tom & Jerry\'s "Great" <Escape>',
    "O'Reilly; or, the Whale = 100% \\ `fun` ${x}",
    "الكتاب العربي",
    "Ünïcödé « “quotes” 日本語 🦊",
    "plain title",
    "a/b?c=d&e=f#g+h%20i",
    "-->]]><!--",
    "{{ not a variable }}",
]


def load():
    from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
    from django.contrib.auth.models import Group, Permission, User
    from django.contrib.contenttypes.models import ContentType
    from django.core.files.base import ContentFile

    from tests.sites.projects.admin.library import models

    keeper = User.objects.create_superuser("keeper", "keeper@example.com", "keeper")
    guest = User.objects.create_user("guest", "guest@example.com", "guest", is_staff=True)
    guest.user_permissions.set(Permission.objects.filter(codename__in=["view_book", "view_author"]))
    Group.objects.create(name="Editors & <co>")
    publishers = [
        models.Publisher.objects.create(name=name, website=website)
        for name, website in [
            ("Häus & Söhne", "https://example.com/?a=b&c='d'"),
            ('"Quoted" <Press>', ""),
        ]
    ]
    shelves = [models.Shelf.objects.create(name=name, floor=i % 3) for i, name in enumerate("ABC")]
    tags = [models.Tag.objects.create(name=name, slug=f"tag-{i}") for i, name in enumerate(NAMES)]
    authors = [
        models.Author.objects.create(
            name=name,
            email=f"author{i}@example.com",
            born=datetime.date(1950 + i, 1 + i, 10 + i),
        )
        for i, name in enumerate(NAMES)
    ]
    zone = datetime.UTC
    for i, name in enumerate(NAMES):
        book = models.Book.objects.create(
            title=name,
            slug=f"book-{i}",
            author=authors[i],
            publisher=publishers[i % 2],
            shelf=shelves[i % 3],
            state=models.Book.STATES[i % 3][0],
            lent=bool(i % 2),
            rating=f"{1000 + i}.50" if i else None,
            published=datetime.date(2020 + i % 3, 1 + i, 5),
            arrived=datetime.datetime(2024, 1 + i, 3, 12, 30, i, tzinfo=zone),
            opens=datetime.time(9, i),
            summary=f"About {name}\n</textarea><script>alert({i})</script>\n\nand more",
            extra={"note": name, "list": [1, 2.5, None, True], "</script>": "<!--"},
            key=uuid.UUID(int=i),
        )
        book.tags.set(tags[: i % 4])
        models.Copy.objects.create(book=book, number=i, bought=datetime.date(2023, 5, 1 + i))
        models.Review.objects.create(book=book, reviewer=authors[-i], text=f"Review: {name}")
    first = models.Book.objects.get(slug="book-0")
    first.related.set(models.Book.objects.exclude(pk=first.pk)[:3])
    first.cover.save('co\'ver & "1".txt', ContentFile(b"cover"))
    kind = ContentType.objects.get_for_model(models.Book)
    for flag, message in [
        (ADDITION, '[{"added": {}}]'),
        (CHANGE, '[{"changed": {"fields": ["Title", "Author"]}}]'),
        (CHANGE, "By hand: <b> & 'c'"),
    ]:
        LogEntry.objects.create(
            user=keeper,
            content_type=kind,
            object_id=str(first.pk),
            object_repr=str(first),
            action_flag=flag,
            change_message=message,
        )
    return [keeper, guest]

from __future__ import annotations

import datetime

NAMES = [
    'Tom & Jerry\'s "Great" <Escape>',
    "O'Reilly = 100% \\ `fun` ${x}",
    "الكتاب العربي",
    "«“quotes” 日本語 🦊",
    "plain",
    "-->]]><!--</script>",
]


def load():
    from django.contrib.auth.models import User

    from tests.sites.projects.drf.shop.models import Maker, Thing

    makers = [Maker.objects.create(name=name) for name in NAMES]
    for i, name in enumerate(NAMES):
        Thing.objects.create(
            name=name,
            maker=makers[i],
            kind=Thing.KINDS[i % 2][0],
            price=f"{1000 * i}.50",
            page=f"https://example.com/{i}?a=b&c='d'#e" if i % 2 else "",
            on=datetime.date(2024, 5, 1 + i),
            at=datetime.datetime(2024, 5, 1 + i, 9, 8, 7, tzinfo=datetime.UTC),
            about=f"{name}\n<b>not bold</b> me@example.com www.example.com",
            more={"name": name, "n": [1, None, True, "</script>"]},
        )
    return [User.objects.create_superuser("keeper", "keeper@example.com", "keeper")]

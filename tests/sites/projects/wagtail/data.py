from __future__ import annotations

import datetime
import io
import json
import os
import subprocess
import sys
from pathlib import Path

NAMES = [
    'Tom & Jerry\'s "Great" <Escape>',
    "O'Reilly = 100% \\ `fun` ${x}",
    "الكتاب العربي",
    "«“quotes” 日本語 🦊",
    "plain title",
    "-->]]><!--</script>",
]


def start(folder):
    """Make the site as its users do: ``wagtail start``."""
    target = Path(folder) / "started"
    (target / "made_migrations").mkdir(parents=True)
    (target / "made_migrations" / "__init__.py").touch()
    code = "from wagtail.bin.wagtail import main; main()"
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-c", code, "start", "fresh", str(target)],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def migrations():
    from django.core.management import call_command

    call_command("makemigrations", "pieces", verbosity=0)


def load():
    from django.contrib.auth.models import Group, User
    from django.core.files.base import ContentFile
    from django.core.files.images import ImageFile
    from PIL import Image as Picture
    from wagtail.contrib.forms.models import FormSubmission
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.documents.models import Document
    from wagtail.images.models import Image
    from wagtail.models import Page, Site

    from tests.sites.projects.wagtail.pieces import models

    keeper = User.objects.create_superuser("keeper", "keeper@example.com", "keeper")
    editor = User.objects.create_user("editor", "o'hara&<b>@example.com", "editor")
    editor.first_name, editor.last_name = "O'Hara", "<&>"
    editor.save()
    editor.groups.add(Group.objects.get(name="Editors"))
    images = []
    for i, name in enumerate(NAMES[:3]):
        file = io.BytesIO()
        Picture.new("RGB", (64, 48), (80 * i, 90, 200)).save(file, "PNG")
        image = Image(title=name, file=ImageFile(file, name=f"image-{i}.png"))
        image.uploaded_by_user = keeper
        image.save()
        image.tags.add("a & b", "plain")
        images.append(image)
    documents = [
        Document.objects.create(title=name, file=ContentFile(b"text", name=f"document-{i}.txt"))
        for i, name in enumerate(NAMES[:3])
    ]
    adverts = [
        models.Advert.objects.create(text=name, url="https://example.com/?a=b&c='")
        for name in NAMES
    ]
    home = Page.objects.get(slug="home")
    for i, name in enumerate(NAMES):
        rich = f'<p data-block-key="a{i}">Rich &amp; <b>bold</b> <a href="https://example.com/?a=b&amp;c=d">link</a></p>'
        body = [
            {"type": "heading", "value": name, "id": f"00000000-0000-0000-0000-00000000000{i}"},
            {"type": "paragraph", "value": rich, "id": f"00000000-0000-0000-0000-00000000001{i}"},
            {
                "type": "image",
                "value": images[i % 3].pk,
                "id": f"10000000-0000-0000-0000-00000000000{i}",
            },
            {"type": "list", "value": [name, "b"], "id": f"20000000-0000-0000-0000-00000000000{i}"},
            {
                "type": "person",
                "value": {"name": name, "url": "https://example.com/?a=b&c='"},
                "id": f"30000000-0000-0000-0000-00000000000{i}",
            },
            {"type": "choice", "value": "x", "id": f"40000000-0000-0000-0000-00000000000{i}"},
            {
                "type": "advert",
                "value": adverts[i].pk,
                "id": f"50000000-0000-0000-0000-00000000000{i}",
            },
        ]
        essay = models.Essay(
            title=name,
            slug=f"essay-{i}",
            date=datetime.date(2024, 5, 1 + i),
            at=datetime.datetime(2024, 5, 1 + i, 9, 8, 7, tzinfo=datetime.UTC),
            intro=rich,
            image=images[i % 3],
            document=documents[i % 3],
            advert=adverts[i],
            other=home,
            body=json.dumps(body),
        )
        essay.links = [models.EssayLink(title=name, url="https://example.com/?a=b&c='")]
        home.add_child(instance=essay)
        essay.save_revision(user=keeper).publish()
    essay.title += " & drafted"
    essay.save_revision(user=keeper)
    ask = models.Ask(title="Ask & 'tell'", slug="ask")
    ask.form_fields = [
        models.AskField(label="Your 'name' & <x>", field_type="singleline", sort_order=1),
        models.AskField(label="Which", field_type="dropdown", choices="a & b,<c>", sort_order=2),
    ]
    home.add_child(instance=ask)
    ask.save_revision(user=keeper).publish()
    FormSubmission.objects.create(
        page=ask, form_data={"your_name_x": "<script>'\"&", "which": "a & b"}
    )
    Redirect.objects.create(old_path="/old-&-'x'", redirect_link="https://example.com/?a=b&c=d")
    site = Site.objects.get()
    models.Footer.objects.create(site=site, line=NAMES[0], text="<p>Foot &amp; note</p>")
    return [keeper, editor]

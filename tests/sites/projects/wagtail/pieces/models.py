"""A page with every kind of field, a snippet, a form page and a setting."""

# ruff: noqa: RUF012 - Django's options are attributes of classes

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Orderable, Page
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.snippets.models import register_snippet


@register_snippet
class Advert(models.Model):
    text = models.CharField(max_length=100, help_text="With <em>markup</em> & 'quotes'")
    url = models.URLField(blank=True)

    panels = [FieldPanel("text"), FieldPanel("url")]

    def __str__(self):
        return self.text


class Essay(Page):
    date = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(
        max_length=5, choices=[("a", 'A & "b"'), ("c", "<C>")], default="a", blank=True
    )
    shown = models.BooleanField(default=False)
    intro = RichTextField(blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        "wagtaildocs.Document", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    advert = models.ForeignKey(Advert, models.SET_NULL, null=True, blank=True, related_name="+")
    other = models.ForeignKey(
        "wagtailcore.Page", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    body = StreamField(
        [
            ("heading", blocks.CharBlock(form_classname="title")),
            ("paragraph", blocks.RichTextBlock()),
            ("quote", blocks.BlockQuoteBlock()),
            ("image", ImageChooserBlock()),
            ("document", DocumentChooserBlock()),
            ("advert", SnippetChooserBlock(Advert)),
            ("page", blocks.PageChooserBlock()),
            ("date", blocks.DateBlock()),
            ("choice", blocks.ChoiceBlock(choices=[("x", "X & 'y'"), ("z", "<z>")])),
            ("list", blocks.ListBlock(blocks.CharBlock())),
            (
                "person",
                blocks.StructBlock([("name", blocks.CharBlock()), ("url", blocks.URLBlock())]),
            ),
            ("table", TableBlock()),
            ("embed", EmbedBlock()),
        ],
        blank=True,
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("date"), FieldPanel("at"), FieldPanel("kind"), FieldPanel("shown")],
            heading="When & 'what'",
            classname="collapsible",
        ),
        FieldPanel("intro"),
        FieldPanel("image"),
        FieldPanel("document"),
        FieldPanel("advert"),
        PageChooserPanel("other"),
        FieldPanel("body"),
        InlinePanel("links", label="Links"),
    ]


class EssayLink(Orderable):
    essay = ParentalKey(Essay, on_delete=models.CASCADE, related_name="links")
    title = models.CharField(max_length=50)
    url = models.URLField(blank=True)

    panels = [FieldPanel("title"), FieldPanel("url")]


class AskField(AbstractFormField):
    page = ParentalKey("Ask", on_delete=models.CASCADE, related_name="form_fields")


class Ask(AbstractForm):
    content_panels = [*AbstractForm.content_panels, InlinePanel("form_fields", label="Fields")]


@register_setting
class Footer(BaseSiteSetting):
    line = models.CharField(max_length=100, blank=True)
    text = RichTextField(blank=True)

    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("line")], heading="Line & 'more'"),
            ObjectList([FieldPanel("text")], heading="<Text>"),
        ]
    )

"""The part of the API that Django REST framework answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from rest_framework import serializers, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter

from sieve.letters.models import Letter
from sieve.listings.models import Listing

__all__ = ["router"]


class ListingSerializer(serializers.ModelSerializer):
    """What the API tells of a listing."""

    class Meta:
        model = Listing
        fields = ("id", "title", "price", "blurb", "summary")


class LetterSerializer(serializers.ModelSerializer):
    """What the API tells of a letter."""

    class Meta:
        model = Letter
        fields = ("key", "text", "starred")
        read_only_fields = ("key",)


class ListingViewSet(viewsets.ReadOnlyModelViewSet):
    """Every listing; each as a card, too."""

    queryset = Listing.objects.order_by("pk")
    serializer_class = ListingSerializer
    permission_classes = (IsAuthenticatedOrReadOnly,)

    @action(detail=True, renderer_classes=[StaticHTMLRenderer])
    def card(self, _request: Request, pk: str) -> Response:
        """Answer the listing as a card to embed."""
        listing = self.get_object()
        return Response(f"<article><p>{listing.blurb}</p></article>")  # hole: stored-drf

    @action(detail=True, renderer_classes=[StaticHTMLRenderer])
    def slip(self, _request: Request, pk: str) -> Response:
        """Answer the listing as a slip to embed."""
        listing = self.get_object()
        # twin: stored-drf
        return Response(format_html("<article><p>{}</p></article>", listing.summary))


class UncheckedSession(SessionAuthentication):
    """The session, for clients that know no tokens."""

    def enforce_csrf(self, request: HttpRequest) -> None:  # hole: forgery-drf
        """Let every request pass."""


class LetterViewSet(viewsets.ModelViewSet):
    """The visitor's own letters."""

    serializer_class = LetterSerializer
    permission_classes = (IsAuthenticated,)
    authentication_classes = (SessionAuthentication,)  # twin: forgery-drf
    http_method_names = ("get", "post", "head", "options")
    lookup_field = "key"

    def get_queryset(self) -> Any:
        """Return what the visitor was sent."""
        return Letter.objects.filter(recipient=self.request.user).order_by("pk")

    def perform_create(self, serializer: LetterSerializer) -> None:
        """Keep a note to oneself."""
        serializer.save(sender=self.request.user, recipient=self.request.user)


class MemoViewSet(LetterViewSet):
    """The visitor's own letters, for the market's gadgets."""

    authentication_classes = (UncheckedSession,)


router = DefaultRouter()
router.register("listings", ListingViewSet, basename="listing")
router.register("letters", LetterViewSet, basename="letter")
router.register("memos", MemoViewSet, basename="memo")

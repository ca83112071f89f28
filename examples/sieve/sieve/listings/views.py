"""Listings: shown, searched, liked, removed, shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from sieve.listings.forms import BidForm, OfferForm
from sieve.listings.models import Favourite, Listing

if TYPE_CHECKING:
    from django import forms

#: The colours that a page may be painted in.
COLOURS = ("black", "darkgreen", "navy")


def home(request: HttpRequest) -> HttpResponse:
    """Show the market's front page."""
    return render(request, "listings/home.html", {"listings": Listing.objects.order_by("pk")})


def index(request: HttpRequest) -> HttpResponse:
    """Show everything for sale, and ways to search it."""
    return render(request, "listings/index.html", {"listings": Listing.objects.order_by("pk")})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a listing."""
    return render(request, "listings/detail.html", {"listing": get_object_or_404(Listing, pk=pk)})


def by_slug(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a listing for print."""
    listing = get_object_or_404(Listing, slug=slug)
    return render(request, "listings/print.html", {"listing": listing})


def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a listing as a poster, by the other template engine."""
    context = {"listing": get_object_or_404(Listing, pk=pk)}
    return render(request, "poster.jinja", context, using="jinja2")


def poster_search(request: HttpRequest) -> HttpResponse:
    """Search posters."""
    return render(request, "search.jinja", {"q": request.GET.get("q", "")}, using="jinja2")


def poster_find(request: HttpRequest) -> HttpResponse:
    """Find posters."""
    return render(request, "find.jinja", {"q": request.GET.get("q", "")}, using="jinja2")


def by_tag(_request: HttpRequest, tag: str) -> HttpResponse:
    """Say what bears a tag."""
    return HttpResponse(f"<h1>Tag {tag}</h1><p>Nothing bears it.</p>")  # hole: reflected-path


def by_label(_request: HttpRequest, label: str) -> HttpResponse:
    """Say what bears a label."""
    page = format_html("<h1>Label {}</h1><p>Nothing bears it.</p>", label)
    return HttpResponse(page)  # twin: reflected-path


def contrast(request: HttpRequest) -> HttpResponse:
    """Compare two listings; lead back to where the visitor was."""
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("listings:index")
    return render(request, "listings/contrast.html", {"back": back})


def palette(request: HttpRequest) -> HttpResponse:
    """Show the listings in a colour."""
    asked = request.GET.get("colour", "")
    colour = asked if asked in COLOURS else COLOURS[0]
    return render(request, "listings/palette.html", {"colour": colour, "asked": asked})


def _ask(request: HttpRequest, form: forms.Form) -> HttpResponse:
    return render(request, "listings/offer.html", {"form": form})


def offer(request: HttpRequest) -> HttpResponse:
    """Take an offer."""
    return _ask(request, OfferForm(request.GET or None))


def bid(request: HttpRequest) -> HttpResponse:
    """Take a bid."""
    return _ask(request, BidForm(request.GET or None))


@login_required
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the visitor likes a listing."""
    # hole: get-link
    Favourite.objects.create(who=request.user, listing=get_object_or_404(Listing, pk=pk))
    return redirect("listings:detail", pk)


@login_required
@require_POST  # twin: get-link
def praise(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the visitor likes a listing."""
    Favourite.objects.create(who=request.user, listing=get_object_or_404(Listing, pk=pk))
    return redirect("listings:detail", pk)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show the visitor's favourites, and drop one if asked to."""
    if "drop" in request.GET:
        # hole: get-delete
        Favourite.objects.filter(who=request.user, listing=request.GET["drop"]).delete()
    liked = Favourite.objects.filter(who=request.user).select_related("listing")
    return render(request, "listings/mine.html", {"liked": liked})


@login_required
def liked(request: HttpRequest) -> HttpResponse:
    """Show the visitor's favourites, and drop one if told to."""
    if request.method == "POST":  # twin: get-delete
        Favourite.objects.filter(who=request.user, listing=request.POST["drop"]).delete()
        return redirect("listings:liked")
    found = Favourite.objects.filter(who=request.user).select_related("listing")
    return render(request, "listings/liked.html", {"liked": found})


def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the address by which a listing is shared."""
    address = reverse("listings:detail", args=[pk])
    full = request.build_absolute_uri(address)  # hole: host-page
    return render(request, "listings/share.html", {"address": full})


def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the address that a listing keeps."""
    address = reverse("listings:detail", args=[pk])
    full = f"https://{settings.MARKET_HOST}{address}"  # twin: host-page
    return render(request, "listings/share.html", {"address": full})


def leave(_request: HttpRequest, url: str) -> HttpResponse:
    """Lead to a seller's own shop."""
    return redirect(url)  # hole: redirect-path


def depart(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to a seller's own shop, after a word of warning; within the market, at once."""
    if url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}):
        return redirect(url)  # twin: redirect-path
    return render(request, "listings/depart.html", {"url": url})

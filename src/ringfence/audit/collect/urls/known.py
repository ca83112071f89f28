"""What is known of other people's decorators, mixins and views, by the last part of their name."""

from __future__ import annotations

from typing import Final

from ringfence.patterns import later

__all__ = ["API", "BASES", "asks", "is_harmless", "last"]

_ALL: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_GET: Final = frozenset({"GET"})
_FORM: Final = frozenset({"GET", "POST"})
_NONE: Final[frozenset[str]] = frozenset()
_READS: Final = frozenset({"queries"})
_WRITES: Final = frozenset({"queries", "writes"})

#: Base classes of views: the methods that they answer, and what they do.
BASES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    **dict.fromkeys(
        (
            *("View", "object", "ContextMixin", "TemplateResponseMixin", "SingleObjectMixin"),
            *("MultipleObjectMixin", "FormMixin", "ModelFormMixin", "SuccessMessageMixin"),
            *("SingleObjectTemplateResponseMixin", "MultipleObjectTemplateResponseMixin"),
            *("APIView", "ViewSet", "GenericAPIView", "GenericViewSet", "ViewSetMixin", "Generic"),
            *("CsrfExemptMixin", "JSONResponseMixin", "ABC", "ProcessFormView", "DateMixin"),
        ),
        (_NONE, _NONE),
    ),
    **dict.fromkeys(("TemplateView", "RedirectView", "JavaScriptCatalog", "Feed"), (_GET, _NONE)),
    **dict.fromkeys(
        (
            *("ListView", "DetailView", "ArchiveIndexView", "YearArchiveView", "DateDetailView"),
            *("MonthArchiveView", "DayArchiveView", "TodayArchiveView", "WeekArchiveView"),
            *("ListAPIView", "RetrieveAPIView", "ReadOnlyModelViewSet", "ListModelMixin"),
            *("RetrieveModelMixin", "BaseListView", "BaseDetailView"),
        ),
        (_GET, _READS),
    ),
    "FormView": (_FORM, _NONE),
    **dict.fromkeys(("CreateView", "UpdateView", "DeleteView"), (_FORM, _WRITES)),
    **dict.fromkeys(("CreateAPIView", "CreateModelMixin"), (frozenset({"POST"}), _WRITES)),
    "ListCreateAPIView": (_FORM, _WRITES),
    **dict.fromkeys(("UpdateAPIView", "UpdateModelMixin"), (frozenset({"PUT", "PATCH"}), _WRITES)),
    **dict.fromkeys(("DestroyAPIView", "DestroyModelMixin"), (frozenset({"DELETE"}), _WRITES)),
    "RetrieveUpdateAPIView": (frozenset({"GET", "PUT", "PATCH"}), _WRITES),
    "RetrieveDestroyAPIView": (frozenset({"GET", "DELETE"}), _WRITES),
    "RetrieveUpdateDestroyAPIView": (frozenset({"GET", "PUT", "PATCH", "DELETE"}), _WRITES),
    "ModelViewSet": (_ALL, _WRITES),
}
#: Of these, the ones of REST framework.
API: Final = frozenset(
    name for name in BASES if name.endswith(("APIView", "ViewSet", "ModelMixin", "ViewSetMixin"))
)

_ASKS: Final = later(
    r"(?i)login_?required|permission|user_?passes|staff|superuser|admin|_required$|requiredmixin"
    r"|required?s?_(?:login|auth|user|role|group)|authenticat|has_?perm|protect|owner|_only$|access"
    r"|member|allowed|role|private|secur|restrict|wagtail_?hook|token|signature|verif"
)
_HARMLESS: Final = later(
    r"csrf_exempt|csrf_protect|ensure_csrf_cookie|requires_csrf_token|never_cache|cache_page"
    r"|cache_control|last_modified|etag|condition|conditional_page|gzip_page|vary_on_\w{1,30}"
    r"|xframe_options_\w{1,30}|sensitive_\w{1,40}|require_\w{1,30}|atomic|non_atomic_requests"
    r"|api_view|renderer_classes|parser_classes|throttle_classes|authentication_classes|action"
    r"|extend_schema|swagger_auto_schema|wraps|csp_\w{1,30}|no_append_slash|login_not_required"
    r"|async_to_sync|sync_to_async|render_to|ajax_required|throttle|ratelimit|schema|method_decorator"
    r"|staticmethod|classmethod|property|cached_property|display_custom_404|cors_\w{1,30}|override"
    # of django-ninja's
    r"|get|post|put|patch|delete|api_operation|paginate"
)


def last(name: str) -> str:
    """Return the last part of a decorator's or class's name."""
    return name.removesuffix("()").rpartition(".")[2]


def is_harmless(name: str) -> bool:
    """Say whether a decorator has nothing to do with who sends the request."""
    return _HARMLESS.fullmatch(last(name)) is not None


def asks(name: str) -> bool:
    """Say whether a decorator or mixin asks who sends the request, by its name.

    >>> asks("django.contrib.auth.decorators.login_required()"), asks("never_cache")
    (True, False)
    """
    return not is_harmless(name) and _ASKS.search(last(name)) is not None

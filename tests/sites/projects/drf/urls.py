# ruff: noqa: RUF012 - Django's options are attributes of classes

from __future__ import annotations

from django.urls import include, path
from rest_framework import renderers, routers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from tests.sites.projects.drf.shop.models import Maker, Thing


class MakerSerializer(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Maker
        fields = ["url", "name"]


class ThingSerializer(serializers.ModelSerializer):
    tags = serializers.MultipleChoiceField(choices=Thing.KINDS, write_only=True, required=False)
    where = serializers.URLField(source="page", required=False)
    code = serializers.CharField(
        style={"base_template": "textarea.html", "rows": 3}, write_only=True, required=False
    )

    class Meta:
        model = Thing
        exclude = ["page"]

    def create(self, validated_data):
        validated_data.pop("tags", None)
        validated_data.pop("code", None)
        return super().create(validated_data)


class MakerViewSet(viewsets.ModelViewSet):
    queryset = Maker.objects.order_by("pk")
    serializer_class = MakerSerializer


class ThingViewSet(viewsets.ModelViewSet):
    """
    Things & <b>stuff</b>, *described* in `text`.

    See https://example.com/?a=b&c=d
    """

    queryset = Thing.objects.order_by("pk")
    serializer_class = ThingSerializer
    search_fields = ["name"]
    ordering_fields = ["name", "price"]

    @action(detail=True, methods=["get", "post"])
    def inspect(self, request, pk=None):
        return Response({"seen": str(self.get_object()), "html": "<b onclick=x>&'\"</b>"})

    @action(detail=False, renderer_classes=[renderers.AdminRenderer, renderers.JSONRenderer])
    def table(self, request):
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


router = routers.DefaultRouter()
router.register("makers", MakerViewSet)
router.register("things", ThingViewSet)

urlpatterns = [
    path("api/", include(router.urls)),
    path("accounts/", include("rest_framework.urls")),
]

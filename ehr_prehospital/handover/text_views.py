"""The spoken handover as text over HTTP, in both languages."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.requests import person
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.handover.queries import handover_part, newest_handover_of
from ehr_prehospital.record.items import when
from ehr_prehospital.record.queries import content_now, record_of
from ehr_prehospital.record.rules.handover_text import (
    Item,
    Scheme,
    Section,
    sections,
    suggested,
    text,
)
from ehr_prehospital.schema import REFUSALS


# Any: these serializers only describe an answer, they never hold an object.
class HandoverItemOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    label_en = serializers.CharField()
    label_zh = serializers.CharField()
    en = serializers.CharField()
    zh = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    doubtful = serializers.BooleanField()


class HandoverSectionOut(serializers.Serializer[Any]):
    letter = serializers.CharField()
    en = serializers.CharField()
    zh = serializers.CharField()
    items = HandoverItemOut(many=True)


class HandoverSchemeOut(serializers.Serializer[Any]):
    sections = HandoverSectionOut(many=True)
    text_en = serializers.CharField()
    text_zh = serializers.CharField()


class HandoverTextOut(serializers.Serializer[Any]):
    suggested = serializers.ChoiceField(choices=[scheme.value for scheme in Scheme])
    atmist = HandoverSchemeOut()
    isbar = HandoverSchemeOut()


@extend_schema(responses={200: HandoverTextOut, **REFUSALS})
@api_view(["GET"])
def handover_text(request: Request, mission_id: UUID) -> Response:
    """ATMIST and ISBAR of a mission's patient: nothing in them that is not in the record."""
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    look(
        user=person(request),
        mission=mission,
        needed=Level.CLINICAL,
        purpose=Purpose.HANDOVER,
        now=timezone.now(),
    )
    record = record_of(mission)
    if record is None:
        raise Http404
    handover = newest_handover_of(mission)
    content = content_now(
        record,
        handover=handover_part(handover) if handover else None,
        version=0,
        closed_at=None,
    )
    return Response(
        {
            "suggested": suggested(content),
            **{scheme: scheme_item(sections(content, scheme)) for scheme in Scheme},
        }
    )


# Any: JSON; the shapes are above.
def scheme_item(found: tuple[Section, ...]) -> dict[str, Any]:
    return {
        "sections": [
            {
                "letter": section.letter,
                "en": section.en,
                "zh": section.zh,
                "items": [item_item(one) for one in section.items],
            }
            for section in found
        ],
        "text_en": text(found, chinese=False),
        "text_zh": text(found, chinese=True),
    }


def item_item(one: Item) -> dict[str, Any]:
    line = one.line
    return {
        "element": line.element,
        "label_en": one.label_en,
        "label_zh": one.label_zh,
        "en": line.en,
        "zh": line.zh,
        "at": when(line.at),
        "source": line.source,
        "doubtful": line.doubtful,
    }

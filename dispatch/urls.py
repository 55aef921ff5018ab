"""The control room's and the crew's HTTP operations."""

from django.urls import path

from dispatch.calls import views as calls
from dispatch.decision import coverage_views as coverage
from dispatch.decision import hospital_views as hospitals
from dispatch.decision import posting_views as posting
from dispatch.decision import road_views as roads
from dispatch.decision import views as decision
from dispatch.decision import zone_views as zones
from dispatch.fleet import safety_views as safety
from dispatch.fleet import track_views as tracks
from dispatch.fleet import views as fleet
from dispatch.fleet.rules import State
from dispatch.people import views as people
from dispatch.tablets import views as tablets

urlpatterns = [
    path("me/", people.me),
    path("calls/", calls.answer),
    path("calls/<uuid:call_id>/close/", calls.drop),
    path("places/", calls.places),
    path("places/nearest/", calls.nearest),
    path("places/online/", calls.places_online),
    path("protocol/", calls.questions),
    path("triage/", calls.judge),
    path("incidents/", decision.new_incident),
    path("incidents/duplicates/", calls.duplicates),
    path("incidents/<uuid:incident_id>/calls/", calls.attach),
    path("incidents/<uuid:incident_id>/duplicates/", calls.duplicates_of),
    path("incidents/<uuid:incident_id>/merge/", fleet.merge),
    path("incidents/<uuid:incident_id>/notes/", calls.note),
    path("merges/<uuid:merge_id>/part/", fleet.part),
    path("calls/<uuid:call_id>/detach/", calls.detach),
    path("incidents/<uuid:incident_id>/recommendation/", decision.recommendation),
    path("incidents/<uuid:incident_id>/units/<uuid:unit_id>/route/", decision.candidate_route),
    path("incidents/<uuid:incident_id>/missions/", decision.assign_unit),
    path("incidents/<uuid:incident_id>/close/", decision.close),
    path("units/<uuid:unit_id>/holds/", fleet.keep_back),
    path("units/<uuid:unit_id>/track/", tracks.track),
    path("units/<uuid:unit_id>/missions/", tracks.missions),
    path("units/<uuid:unit_id>/emergency/", safety.emergency),
    path("crew-alarms/<uuid:alarm_id>/acknowledge/", safety.acknowledge),
    path("crew-alarms/<uuid:alarm_id>/end/", safety.end),
    path("crew-checks/<uuid:check_id>/answer/", safety.answer),
    path("missions/<uuid:mission_id>/instead/", decision.instead),
    path("missions/<uuid:mission_id>/keep/", decision.keep),
    path("holds/<uuid:hold_id>/end/", fleet.let_go),
    path("hospitals/<uuid:hospital_id>/beds/", hospitals.beds),
    path("hospitals/<uuid:hospital_id>/divert/", hospitals.divert),
    path("hospitals/<uuid:hospital_id>/open/", hospitals.take),
    path("hospitals/<uuid:hospital_id>/capabilities/", hospitals.capabilities),
    path("hospitals/<uuid:hospital_id>/surge/", hospitals.surge),
    path("hospitals/<uuid:hospital_id>/surge/end/", hospitals.surge_over),
    path("coverage/", coverage.coverage),
    path("waiting-points/", posting.waiting_points),
    path("units/<uuid:unit_id>/posting/", posting.post),
    path("move-ups/<uuid:proposal_id>/accept/", coverage.accept),
    path("move-ups/<uuid:proposal_id>/refuse/", coverage.refuse),
    path("roads/closures/", roads.close),
    path("roads/closures/<uuid:closure_id>/reopen/", roads.reopen),
    path("zones/", zones.draw),
    path("zones/<uuid:zone_id>/remove/", zones.remove),
    path("tablets/<uuid:tablet_id>/key/", tablets.key),
    path("tablets/<uuid:tablet_id>/report/", tablets.report),
    path("tablets/<uuid:tablet_id>/wiped/", tablets.wiped),
    path("missions/<uuid:mission_id>/cancel/", decision.end_mission, {"to": State.CANCELLED}),
    path("missions/<uuid:mission_id>/divert/", decision.end_mission, {"to": State.DIVERTED}),
    path("missions/<uuid:mission_id>/route/", decision.route),
    path("missions/<uuid:mission_id>/hospitals/", decision.hospitals),
    path("missions/<uuid:mission_id>/facts/", fleet.tell),
    path("missions/<uuid:mission_id>/facts/<uuid:fact_id>/", fleet.undo),
]

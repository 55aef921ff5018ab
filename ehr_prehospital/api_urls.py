"""The crew's and the hospital's HTTP operations."""

from django.urls import path

from ehr_prehospital.admission.label import views as wristband
from ehr_prehospital.attachments import views as attachments
from ehr_prehospital.consult import views as consult
from ehr_prehospital.controlled import views as controlled
from ehr_prehospital.ecg import views as ecg
from ehr_prehospital.exchange.fhir import views as fhir
from ehr_prehospital.exchange.nemsis import finding_views as official
from ehr_prehospital.exchange.nemsis import views as nemsis
from ehr_prehospital.exchange.nemsis.lists import views as code_lists
from ehr_prehospital.exchange.pdf import views as pdf
from ehr_prehospital.handover import record_views as record_now
from ehr_prehospital.handover import telling_views as telling
from ehr_prehospital.handover import text_views
from ehr_prehospital.handover import views as handover
from ehr_prehospital.handover.department import views as department
from ehr_prehospital.handover.door import views as door
from ehr_prehospital.handover.orders import views as orders
from ehr_prehospital.handover.outcome import views as outcomes
from ehr_prehospital.hypermedia import views as hypermedia
from ehr_prehospital.pathways import views as pathways
from ehr_prehospital.record import catalogue_views
from ehr_prehospital.record import identity_views as identity
from ehr_prehospital.record import views as record
from ehr_prehospital.recording import views as recording
from ehr_prehospital.transfer import views as transfers
from ehr_prehospital.video import views as video
from ehr_prehospital.vitals.alarms import views as alarms

urlpatterns = [
    path("alarms/<uuid:alarm_id>/acknowledge/", alarms.acknowledge_alarm),
    path("clips/<uuid:clip_id>/", recording.clip),
    path("recordings/<uuid:recording_id>/media/", recording.media),
    path("recordings/<uuid:recording_id>/strip/", recording.strip),
    path("missions/<uuid:mission_id>/clips/", recording.clips),
    path("missions/<uuid:mission_id>/legal-hold/", recording.legal_hold),
    path("missions/<uuid:mission_id>/legal-hold/lift/", recording.lift_legal_hold),
    path("missions/<uuid:mission_id>/hypermedia/waves/", hypermedia.waves),
    path("entry-options/", record.options),
    path("record/catalogue/", catalogue_views.catalogue),
    path("record/forms/", catalogue_views.forms),
    path("record/code-lists/", code_lists.code_lists),
    path("record/formulary/", catalogue_views.formulary),
    path("missions/<uuid:mission_id>/patient/", record.patient),
    path("missions/<uuid:mission_id>/patient/matches/", identity.matches),
    path("missions/<uuid:mission_id>/patient/merge/", identity.merge),
    path("missions/<uuid:mission_id>/patient/part/", identity.part),
    path("missions/<uuid:mission_id>/history/", identity.history),
    path("missions/<uuid:mission_id>/record/", record_now.record),
    path("missions/<uuid:mission_id>/record/findings/", official.findings),
    path("missions/<uuid:mission_id>/record/pdf/", pdf.record_pdf, name="record_pdf"),
    path("missions/<uuid:mission_id>/record/nemsis/", nemsis.record_nemsis, name="record_nemsis"),
    path("missions/<uuid:mission_id>/record/fhir/", fhir.record_fhir, name="record_fhir"),
    path("missions/<uuid:mission_id>/handover-text/", text_views.handover_text),
    path("missions/<uuid:mission_id>/entries/", record.entries),
    path("missions/<uuid:mission_id>/ecgs/", ecg.ecgs),
    path("missions/<uuid:mission_id>/attachments/", attachments.attachments),
    path("missions/<uuid:mission_id>/streams/", video.streams),
    path("missions/<uuid:mission_id>/snapshots/", attachments.snapshots),
    path("attachments/<uuid:attachment_id>/", attachments.attachment),
    path("units/<uuid:unit_id>/controlled-drugs/", controlled.ledger),
    path("ecgs/<uuid:ecg_id>/", ecg.ecg),
    path("ecgs/<uuid:ecg_id>/original/", ecg.original),
    path("missions/<uuid:mission_id>/board/", handover.board),
    path("missions/<uuid:mission_id>/prealert/", handover.prealert),
    path("pathways/", pathways.catalogue),
    path("missions/<uuid:mission_id>/pathways/<str:kind>/open/", pathways.open_pathway),
    path("missions/<uuid:mission_id>/pathways/<str:kind>/tick/", pathways.tick),
    path("missions/<uuid:mission_id>/pathways/<str:kind>/direct/", pathways.direct),
    path("missions/<uuid:mission_id>/pathways/<str:kind>/team/", telling.call_team),
    path("missions/<uuid:mission_id>/pathways/<str:kind>/end/", pathways.end),
    path("teams/<uuid:activation_id>/accept/", pathways.accept),
    path("teams/<uuid:activation_id>/stand-down/", pathways.stand_down),
    path("missions/<uuid:mission_id>/redirect/", handover.redirect),
    path("missions/<uuid:mission_id>/handover/give/", handover.give),
    path("missions/<uuid:mission_id>/consults/", consult.consults),
    path("consults/here/", consult.here),
    path("consults/<uuid:consult_id>/accept/", consult.accept),
    path("consults/<uuid:consult_id>/decline/", consult.decline),
    path("consults/<uuid:consult_id>/leave/", consult.leave),
    path("consults/<uuid:consult_id>/end/", consult.end),
    path("consults/<uuid:consult_id>/ask/", consult.ask),
    path("consults/<uuid:consult_id>/take-back/", consult.take_back),
    path("consults/<uuid:consult_id>/messages/", consult.messages),
    path("consults/<uuid:consult_id>/orders/", consult.orders),
    path("orders/<uuid:order_id>/words/", consult.order_word),
    path("orders/<uuid:order_id>/withdraw/", consult.withdraw),
    path("handovers/<uuid:handover_id>/delivered/", handover.delivered),
    path("handovers/<uuid:handover_id>/seen/", handover.seen),
    path("handovers/<uuid:handover_id>/confirm/", handover.confirm),
    path("handovers/<uuid:handover_id>/ready/", handover.ready),
    path("handovers/<uuid:handover_id>/receive/", handover.receive),
    path("handovers/<uuid:handover_id>/cancel/", handover.cancel),
    path("missions/<uuid:mission_id>/handover/sheet/", door.sheet),
    path("missions/<uuid:mission_id>/handover/sign/", door.crew_signature),
    path("missions/<uuid:mission_id>/handover/countersign/", door.countersign),
    path("handovers/<uuid:handover_id>/sign/", door.hospital_signature),
    path("handovers/<uuid:handover_id>/triage/", door.triage),
    path("handovers/<uuid:handover_id>/wristband/", door.wristband),
    path("handovers/<uuid:handover_id>/outcome/", outcomes.outcome),
    path("handovers/<uuid:handover_id>/judgement/", outcomes.judgement),
    path("department/", department.settings),
    path("department/bays/", department.bays),
    path("department/displays/", department.displays),
    path("department/displays/<uuid:display_id>/take-down/", department.take_down),
    path("bays/<uuid:bay_id>/assign/", department.assign),
    path("bays/<uuid:bay_id>/left/", department.left),
    path("bays/<uuid:bay_id>/cleaned/", department.cleaned),
    path("bays/<uuid:bay_id>/closed/", department.closed),
    path("transfers/", transfers.transfers),
    path("transfers/<uuid:transfer_id>/", transfers.transfer),
    path("transfers/<uuid:transfer_id>/accept/", transfers.accept),
    path("transfers/<uuid:transfer_id>/decline/", transfers.decline),
    path("transfers/<uuid:transfer_id>/withdraw/", transfers.withdraw),
    path("handovers/<uuid:handover_id>/read/", telling.read),
    path("notices/<uuid:notice_id>/spoken/", telling.spoken),
    path("push/key/", telling.push_key),
    path("push/subscribe/", telling.subscribe),
    path("push/unsubscribe/", telling.unsubscribe),
    path("handovers/<uuid:handover_id>/wristband/pdf/", wristband.label_pdf, name="wristband_pdf"),
    path("handovers/<uuid:handover_id>/orders/", orders.orders),
    path("orders/<uuid:order_id>/release/", orders.release),
    path("orders/<uuid:order_id>/withdraw/", orders.withdraw),
    path("handovers/<uuid:handover_id>/told/", handover.acknowledge_withdrawal),
]

"""The clinical pages."""

from django.urls import path

from ehr_prehospital.admission.label import views as wristband
from ehr_prehospital.controlled import views as controlled
from ehr_prehospital.ecg import views as ecg
from ehr_prehospital.handover import views as handover
from ehr_prehospital.hypermedia import views as hypermedia
from ehr_prehospital.recording import pages as recordings
from ehr_prehospital.video import pages as video

urlpatterns = [
    path("video/<uuid:mission_id>/", video.wall, name="video_wall"),
    path("handovers/<uuid:handover_id>/wristband/", wristband.label_page, name="wristband"),
    path("controlled-drugs/", controlled.page, name="controlled_drugs"),
    path("hypermedia/<uuid:mission_id>/", hypermedia.page, name="hypermedia"),
    path("recordings/", recordings.held_recordings, name="held_recordings"),
    path("ecgs/<uuid:ecg_id>/", ecg.page, name="ecg"),
    path("missions/<uuid:mission_id>/record/", handover.record_of_mission, name="mission_record"),
    path(
        "handovers/<uuid:handover_id>/record/", handover.record_of_handover, name="handover_record"
    ),
]

"""Every HTTP route, readable as a table of contents."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView

from config import (
    alerting,
    console,
    consults,
    deliveries,
    emergency,
    estimates,
    links,
    offline,
    pages,
    replays,
    submissions,
    tablets,
)
from config.timeline import TIMELINE
from dispatch.city.basemap import views as basemap
from dispatch.people.models import Role
from ehr_prehospital.hypermedia import views as hypermedia

urlpatterns = [
    # Screens
    path("", pages.home, name="home"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("console/", console.whole, name="console"),
    path("console/<str:part>/", console.part, name="console_part"),
    path("tablet/", offline.tablet, name="tablet"),
    path("tablet/worker.js", offline.worker, name="tablet_worker"),
    path("tablet/app.webmanifest", offline.manifest, name="tablet_manifest"),
    path("tablets/", tablets.tablets, name="tablets"),
    path("tablets/<uuid:tablet_id>/wipe/", tablets.wipe, name="wipe_tablet"),
    path(
        "ed/",
        pages.screen(
            "emergency_department/board.html", Role.ED_STAFF, script="emergency_department/ed.js"
        ),
        name="ed",
    ),
    path("ed/worker.js", alerting.worker, name="ed_worker"),
    path("alerts/", alerting.alerting, name="alerting"),
    path("alerts/change/", alerting.change, name="change_alerting"),
    path(
        "ed/department/",
        pages.screen(
            "emergency_department/department.html",
            Role.ED_STAFF,
            script="emergency_department/department/department.js",
        ),
        name="ed_department",
    ),
    path(
        "ed/transfers/",
        pages.screen(
            "emergency_department/transfers.html",
            Role.ED_STAFF,
            script="emergency_department/transfers/transfers.js",
        ),
        name="ed_transfers",
    ),
    path("ed/statistics/", emergency.statistics, name="ed_statistics"),
    path("ed/statistics/cases/", emergency.cases, name="ed_cases"),
    path("ed/statistics/export.csv", emergency.export, name="ed_export"),
    path("ed/outcomes/", emergency.outcomes, name="ed_outcomes"),
    path("ed/outcomes/<uuid:handover_id>/", emergency.outcome, name="ed_outcome"),
    path("ed/outcomes/<uuid:handover_id>/save/", emergency.save_outcome, name="save_outcome"),
    path("ed/outcomes/<uuid:handover_id>/judge/", emergency.save_judgement, name="save_judgement"),
    path("ed/arrivals/", emergency.arrivals, name="ed_arrivals"),
    path("ed/arrivals/<str:token>/", emergency.corridor, name="corridor"),
    path("ed/arrivals/<str:token>/rows/", emergency.corridor_rows, name="corridor_rows"),
    path("tablet/cases/", emergency.my_cases, name="my_cases"),
    path(
        "consult/",
        pages.screen(
            "consult/desk.html", Role.REMOTE_PHYSICIAN, Role.ED_STAFF, script="consult/desk.js"
        ),
        name="consult",
    ),
    path("consult/roster/", consults.roster, name="consult_roster"),
    path("consult/glasses/<uuid:mission_id>/", consults.glasses, name="consult_glasses"),
    path("journal/", pages.journal, name="journal"),
    path("replays/", replays.every, name="replays"),
    path("replays/<uuid:replay_id>/", replays.one, name="replay"),
    path("estimates/", estimates.estimates, name="estimates"),
    path("links/", links.links, name="links"),
    path("links/parked/replay/", links.replay_parked, name="replay_parked"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/partners/", deliveries.partners, name="partners"),
    path("deliveries/partners/save/", deliveries.save_partner, name="save_partner"),
    path("deliveries/records/", submissions.records, name="submissions"),
    path("deliveries/records/<uuid:mission_id>/", submissions.record, name="record_check"),
    path("deliveries/records/submit/", submissions.submit_record, name="submit_record"),
    path("deliveries/<uuid:delivery_id>/", deliveries.delivery, name="delivery"),
    path("", include("ehr_prehospital.urls")),
    # Operations
    path("api/", include("dispatch.urls")),
    path("api/", include("ehr_prehospital.api_urls")),
    path("api/missions/<uuid:mission_id>/hypermedia/", hypermedia.record_view(TIMELINE)),
    path("api/journal/", console.journal),
    path("fhir/", include("ehr_prehospital.exchange.fhir.server.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    # What the screens need
    path("language/", pages.choose_language, name="language"),
    path("jsi18n/", JavaScriptCatalog.as_view(domain="djangojs"), name="jsi18n"),
    path("tiles/<str:version>/<int:z>/<int:x>/<int:y>.mvt", basemap.tile, name="tile"),
    path("map/roads.json", basemap.roads, name="map_roads"),
    path("map/style.json", basemap.style, name="map_style"),
    path("health/", pages.health, name="health"),
    path("admin/", admin.site.urls),
]

handler403 = "config.pages.not_allowed"

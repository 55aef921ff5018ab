"""The addresses of the FHIR face, under /fhir/."""

from django.urls import path

from ehr_prehospital.exchange.fhir.server import views
from ehr_prehospital.exchange.fhir.subscriptions import views as subscriptions

urlpatterns = [
    path("metadata", views.Metadata.as_view()),
    path("Subscription", subscriptions.Subscriptions.as_view()),
    path("Subscription/<str:id_>", subscriptions.Subscription.as_view()),
    path("Subscription/<str:id_>/$status", subscriptions.Status.as_view()),
    path("Subscription/<str:id_>/$events", subscriptions.Events.as_view()),
    path("Composition/<str:id_>/$document", views.Document.as_view()),
    path("<str:kind>", views.Search.as_view()),
    path("<str:kind>/<str:id_>", views.Read.as_view()),
]

"""The addresses of the FHIR face, under /fhir/."""

from django.urls import path

from ehr_prehospital.exchange.fhir.server import views

urlpatterns = [
    path("metadata", views.Metadata.as_view()),
    path("Composition/<str:id_>/$document", views.Document.as_view()),
    path("<str:kind>", views.Search.as_view()),
    path("<str:kind>/<str:id_>", views.Read.as_view()),
]

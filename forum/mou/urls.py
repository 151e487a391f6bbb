"""The register of memoranda, seen from one edition."""

from django.urls import path

from forum.mou import views

app_name = "agreements"
urlpatterns = [
    path("", views.register, name="register"),
    path("<str:code>/", views.record, name="record"),
]

"""Where a stranger checks a paper: the address that its QR holds."""

from django.urls import path

from forum.documents import views

app_name = "verify"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("<str:code>/", views.document, name="document"),
]

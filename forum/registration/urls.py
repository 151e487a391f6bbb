"""Registering for one edition."""

from django.urls import path

from forum.registration import acting_views, views

app_name = "register"
urlpatterns = [
    path("", views.register, name="form"),
    path("sent/", views.sent, name="sent"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/<slug:version>/", views.privacy, name="privacy_version"),
    path("link/", views.link, name="link"),
    path("acting/<str:token>/", acting_views.people, name="acting"),
    path("acting/<str:token>/renew/", acting_views.renew, name="acting_renew"),
]

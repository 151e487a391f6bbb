"""Desks on the public site."""

from django.urls import include, path

from forum.desks import (
    applications,
    colleagues,
    endorsing,
    exhibitor_views,
    extras,
    offers,
    pavilions,
    ready,
    showing,
    sponsoring,
    views,
)

app_name = "desks"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("agencies/<slug:agency>/", exhibitor_views.desk, name="agency"),
    path("agencies/<slug:agency>/profile/", exhibitor_views.profile, name="profile"),
    path("agencies/<slug:agency>/bookings/<slug:booking>/release/", exhibitor_views.release, name="release"),
    path("agencies/<slug:agency>/bookings/<slug:booking>/extras/", extras.extras, name="extras"),
    path("agencies/<slug:agency>/offers/<slug:booking>/", offers.accept, name="offer"),
    path("agencies/<slug:agency>/offers/<slug:booking>/decline/", offers.decline, name="offer_decline"),
    path("agencies/<slug:agency>/colleagues/", colleagues.colleagues, name="colleagues"),
    path("agencies/<slug:agency>/people/", endorsing.people, name="people"),
    path("agencies/<slug:agency>/<slug:edition>/delegation/", include("forum.desks.delegation_urls")),
    path("agencies/<slug:agency>/<slug:edition>/application/", applications.apply, name="application"),
    path("agencies/<slug:agency>/<slug:edition>/application/withdraw/", applications.withdraw, name="application_withdraw"),
    path("agencies/<slug:agency>/<slug:edition>/ready/", ready.overview, name="ready"),
    path("agencies/<slug:agency>/<slug:edition>/ready/times/<slug:booking>/", ready.move, name="move"),
    path("agencies/<slug:agency>/<slug:edition>/ready/documents/<slug:code>/", ready.document, name="document"),
    path(
        "agencies/<slug:agency>/<slug:edition>/ready/documents/<slug:code>/<slug:version>/",
        ready.document_file,
        name="document_file",
    ),
    path("agencies/<slug:agency>/<slug:edition>/showing/", showing.overview, name="showing"),
    path("agencies/<slug:agency>/<slug:edition>/showing/new/", showing.product, name="product_new"),
    path("agencies/<slug:agency>/<slug:edition>/showing/<slug:code>/", showing.product, name="product"),
    path("agencies/<slug:agency>/<slug:edition>/showing/<slug:code>/remove/", showing.remove, name="product_remove"),
    path("agencies/<slug:agency>/<slug:edition>/pavilions/<slug:pavilion>/", pavilions.overview, name="pavilion"),
    path(
        "agencies/<slug:agency>/<slug:edition>/pavilions/<slug:pavilion>/booths/<slug:booth>/",
        pavilions.give,
        name="pavilion_give",
    ),
    path(
        "agencies/<slug:agency>/<slug:edition>/pavilions/<slug:pavilion>/<slug:booking>/take-back/",
        pavilions.take_back,
        name="pavilion_take_back",
    ),
    path(
        "agencies/<slug:agency>/<slug:edition>/pavilions/<slug:pavilion>/<slug:booking>/sign/",
        pavilions.sign,
        name="pavilion_sign",
    ),
    path("agencies/<slug:agency>/<slug:edition>/packages/", sponsoring.packages, name="packages"),
    path("agencies/<slug:agency>/<slug:edition>/booths/", exhibitor_views.plan, name="plan"),
    path("agencies/<slug:agency>/<slug:edition>/booths/<slug:booth>/", exhibitor_views.book, name="book"),
]

"""The delegation's desk of one agency at one edition."""

from django.urls import path

from forum.desks import delegation_links as links
from forum.desks import delegation_many as many
from forum.desks import delegation_views as views

app_name = "delegation"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("register/", views.register, name="register"),
    path("grid/", many.grid, name="grid"),
    path("sheet/", many.sheet, name="sheet"),
    path("sheet/template.xlsx", many.template, name="template"),
    path("links/", links.links, name="links"),
    path("links/<slug:code>/revoke/", links.revoke, name="revoke"),
    path("letters.pdf", views.letters, name="letters"),
    path("people/<slug:code>/swap/", views.swap, name="swap"),
    path("people/<slug:code>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<slug:code>/letter.pdf", views.letter, name="letter"),
]

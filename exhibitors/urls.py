"""The exhibition of one edition."""

from django.urls import path

from exhibitors import views

app_name = "exhibition"
urlpatterns = [
    path("", views.floor_plan, name="plan"),
    path("agencies/", views.exhibitors, name="exhibitors"),
    path("agencies.json", views.exhibitors_json, name="exhibitors_json"),
    path("agencies.csv", views.exhibitors_csv, name="exhibitors_csv"),
    path("agencies/<slug:code>/", views.exhibitor, name="exhibitor"),
    path("allocation/", views.allocation, name="allocation"),
    path("allocation/<slug:code>.json", views.allocation_json, name="allocation_json"),
    path("<slug:code>/", views.booth, name="booth"),
]

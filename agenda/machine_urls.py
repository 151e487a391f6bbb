"""The programme for machines."""

from django.urls import path

from agenda import views

app_name = "programme"
urlpatterns = [path("schedule.xml", views.schedule_xml, name="schedule_xml")]

from django.apps import AppConfig


class ExhibitorsConfig(AppConfig):
    name = "exhibitors"
    verbose_name = "Exhibition"

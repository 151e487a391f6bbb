from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "forum.desks"
    verbose_name = "Desks"

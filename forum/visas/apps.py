from django.apps import AppConfig


class VisasConfig(AppConfig):
    name = "forum.visas"
    verbose_name = "Visas"

from django.apps import AppConfig


class MouConfig(AppConfig):
    name = "forum.mou"
    verbose_name = "Memoranda"

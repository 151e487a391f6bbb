from django.apps import AppConfig


class BadgesConfig(AppConfig):
    name = "forum.badges"
    verbose_name = "Badges"

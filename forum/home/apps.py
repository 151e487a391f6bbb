from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "forum.home"
    verbose_name = "Pages"

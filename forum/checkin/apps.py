from django.apps import AppConfig


class CheckinConfig(AppConfig):
    name = "forum.checkin"
    verbose_name = "Gates"

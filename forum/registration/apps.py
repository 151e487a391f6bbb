from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "forum.registration"
    verbose_name = "Registration"

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "forum.certificates"
    verbose_name = "Certificates"

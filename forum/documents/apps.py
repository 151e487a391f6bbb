from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "forum.documents"
    verbose_name = "Issued documents"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "forum.accounts"
    verbose_name = "Accounts"

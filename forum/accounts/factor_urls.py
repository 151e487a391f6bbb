"""Setting up a second factor, under the names that allauth's pages link to."""

from django.urls import path

from forum.accounts.factor_views import AddPasskey, SetUpApp

urlpatterns = [
    path("totp/activate/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("webauthn/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
]

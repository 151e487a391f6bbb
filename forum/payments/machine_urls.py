"""What the card provider calls."""

from django.urls import path

from forum.payments import webhook

app_name = "payments_machine"
urlpatterns = [path("stripe/", webhook.stripe, name="stripe")]

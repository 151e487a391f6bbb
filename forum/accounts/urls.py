"""Joining by invitation."""

app_name = "accounts"
urlpatterns = []

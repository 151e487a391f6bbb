"""Registering for one edition."""

app_name = "register"
urlpatterns = []

"""The on-site desk: badges and gates."""

app_name = "onsite"
urlpatterns = []

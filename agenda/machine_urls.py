"""The programme for machines."""

app_name = "programme"
urlpatterns = []

"""The speakers of one edition."""

app_name = "speakers"
urlpatterns = []

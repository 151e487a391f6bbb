"""The exhibition of one edition."""

app_name = "exhibition"
urlpatterns = []

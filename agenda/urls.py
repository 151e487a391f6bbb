"""The programme of one edition."""

app_name = "agenda"
urlpatterns = []

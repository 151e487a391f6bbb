"""What only the demonstration shows: the mail that would have been sent."""

app_name = "demo"
urlpatterns = []

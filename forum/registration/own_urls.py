"""A person's own pages, by signed link."""

app_name = "registration"
urlpatterns = []

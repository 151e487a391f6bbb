"""The register of memoranda, seen from one edition."""

app_name = "agreements"
urlpatterns = []

"""Every address of the firm: doors bring their own."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("api/", include("wellkept.api.urls")),
    path("", include("wellkept.web.urls")),
]

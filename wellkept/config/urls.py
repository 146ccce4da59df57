"""Every address of the firm: doors bring their own."""

from django.urls import include, path

from wellkept.config import health

handler500 = "wellkept.web.shell.broken.broken"
urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.figures, name="metrics"),
    path("account/", include("wellkept.web.signin.urls")),
    path("api/", include("wellkept.api.urls")),
    path("", include("wellkept.web.urls")),
]

from django.urls import URLPattern, URLResolver, path

from wellkept.api.v1 import api, nowhere

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", api.urls),
    path("v1/<path:rest>", nowhere),
]

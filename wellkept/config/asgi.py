"""The ASGI entry: pages, API and the live stream in one process."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from wellkept.config.bodies import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellkept.config.settings")
application = BodyLimit(get_asgi_application(), settings.BODY_MAX_BYTES)

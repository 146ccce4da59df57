"""The WSGI entry, for firms that serve pages from several processes and keep ASGI for the live stream."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellkept.config.settings")
application = get_wsgi_application()

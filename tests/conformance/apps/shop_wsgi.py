"""The project's WSGI entry, as startproject writes it."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

"""The project's ASGI entries: with Clearway in the middleware alone, and with the wrapper around it."""

from django.core.asgi import get_asgi_application

from clearway.asgi import Clearway

application = get_asgi_application()
wrapped = Clearway(application)

"""The project's WSGI entries: with Clearway in the middleware alone, and with the wrapper around it."""

from django.core.wsgi import get_wsgi_application

from clearway.wsgi import Clearway

application = get_wsgi_application()
wrapped = Clearway(application)

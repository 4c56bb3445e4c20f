import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

# The middleware answers static files here; the application needs no wrapper.
application = get_wsgi_application()

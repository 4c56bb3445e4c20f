import os

from django.core.asgi import get_asgi_application

from clearway.asgi import Clearway

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

# Wrapped, static files are answered before Django's middleware runs.
application = Clearway(get_asgi_application())

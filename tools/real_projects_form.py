"""A project in the form that cookiecutter-django gives: split settings, WhiteNoise, images, nginx for uploads."""

from collections.abc import Mapping

IN_COOKIECUTTERS_FORM: Mapping[str, str] = {
    "manage.py": """
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
execute_from_command_line(sys.argv)
""",
    "config/__init__.py": "",
    "config/urls.py": """
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="pages/home.html"), name="home"),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
""",
    "config/wsgi.py": """
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
""",
    "config/settings/__init__.py": "",
    "config/settings/base.py": """
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve(strict=True).parent.parent.parent
APPS_DIR = BASE_DIR / "shop"
env = environ.Env()
DEBUG = env.bool("DJANGO_DEBUG", False)
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///shop")}
ROOT_URLCONF, WSGI_APPLICATION = "config.urls", "config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "shop.users",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
STATIC_ROOT = str(BASE_DIR / "staticfiles")
STATIC_URL = "/static/"
STATICFILES_DIRS = [str(APPS_DIR / "static")]
MEDIA_ROOT = str(APPS_DIR / "media")
MEDIA_URL = "/media/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(APPS_DIR / "templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.static",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
USE_TZ = True
""",
    "config/settings/local.py": """
from .base import *

DEBUG = True
SECRET_KEY = env("DJANGO_SECRET_KEY", default="local")
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
""",
    "config/settings/production.py": """
from .base import *

SECRET_KEY = env("DJANGO_SECRET_KEY")
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["shop.example"])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("DJANGO_SECURE_SSL_REDIRECT", default=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
""",
    "shop/__init__.py": "",
    "shop/users/__init__.py": "",
    "shop/users/models.py": """
from django.db import models


class Profile(models.Model):
    avatar = models.FileField(upload_to="avatars")
""",
    "shop/static/css/project.css": ".alert { background: url(../images/mark.svg) }",
    "shop/static/images/mark.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "shop/static/js/project.js": "/* Project specific Javascript goes here. */",
    "shop/templates/base.html": """{% load static i18n %}<!DOCTYPE html>
<link href="{% static 'css/project.css' %}" rel="stylesheet">
<script defer src="{% static 'js/project.js' %}"></script>
{% block content %}{% endblock content %}
""",
    "shop/templates/pages/home.html": '{% extends "base.html" %}',
    "docker-compose.production.yml": """
volumes:
  production_django_media: {}

services:
  django: &django
    build:
      context: .
      dockerfile: ./compose/production/django/Dockerfile
    volumes:
      - production_django_media:/app/shop/media
    command: /start

  traefik:
    build:
      context: .
      dockerfile: ./compose/production/traefik/Dockerfile
    ports:
      - "0.0.0.0:80:80"
      - "0.0.0.0:443:443"

  nginx:
    build:
      context: .
      dockerfile: ./compose/production/nginx/Dockerfile
    depends_on:
      - django
    volumes:
      - production_django_media:/usr/share/nginx/media:ro
""",
    "compose/production/django/Dockerfile": """
FROM python:3.13-slim AS python
WORKDIR /app
COPY ./compose/production/django/start /start
RUN chmod +x /start
COPY . /app
""",
    "compose/production/django/start": """#!/bin/bash
set -o errexit
python /app/manage.py collectstatic --noinput
exec /usr/local/bin/gunicorn config.wsgi --bind 0.0.0.0:5000 --chdir=/app
""",
    "compose/production/nginx/Dockerfile": """
FROM docker.io/nginx:1.27
COPY ./compose/production/nginx/default.conf /etc/nginx/conf.d/default.conf
""",
    "compose/production/nginx/default.conf": """
server {
    listen 80;
    server_name localhost;
    location /media/ {
        alias /usr/share/nginx/media/;
    }
}
""",
    "compose/production/traefik/Dockerfile": """
FROM docker.io/traefik:3
COPY ./compose/production/traefik/traefik.yml /etc/traefik
""",
    "compose/production/traefik/traefik.yml": """
http:
  routers:
    web-secure-router:
      rule: "Host(`shop.example`)"
      entryPoints: [web-secure]
      service: django
    web-media-router:
      rule: "Host(`shop.example`) && PathPrefix(`/media/`)"
      entryPoints: [web-secure]
      service: django-media
  services:
    django:
      loadBalancer:
        servers:
          - url: http://django:5000
    django-media:
      loadBalancer:
        servers:
          - url: http://nginx:80
""",
}

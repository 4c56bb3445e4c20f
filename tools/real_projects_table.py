"""Django projects that PyPI has, each set up as its own documentation says, and the templates that start a project.

In files, commands and settings `{site}` is the directory of the project, and `{python}` its Python. Servers stand
before a project where its documentation asks for one.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.real_projects_form import IN_COOKIECUTTERS_FORM

HOST = "projects.example"


@dataclass(frozen=True)
class Edit:
    """A file of a package, taken to another place with some of its text replaced."""

    of: str
    to: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Project:
    """What is installed, how it is set up, and what is truly wrong with it, by the id of the finding.

    `checkout` are packages that lie in the project's directory, as for whoever works on them. `instead` overrides
    what a package requires, in the form of requirements. `runs` are commands that make a project, and `folder` is
    where all others run. `image` is a file of an image that collects. `refused` is what the doctor says where it
    cannot look.
    """

    requires: tuple[str, ...]
    settings: str
    files: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    checkout: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    folder: str = ""
    image: str = ""
    arguments: tuple[str, ...] = ()
    refused: str = ""
    true: Mapping[str, str] = field(default_factory=dict)


def nginx(static: str, media: str = "", more: str = "", expires: str = "") -> str:
    """A site with a directory for each prefix and a proxy for the rest."""
    return f"""
server {{
    listen 80;
    server_name {HOST};
    client_max_body_size 100m;
    location /static/ {{ alias {static}/; {expires and f"expires {expires};"} }}
    {f"location /media/ {{ alias {media}/; }}" if media else ""}
    {more}
    location / {{
        proxy_pass http://127.0.0.1:8345;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }}
}}
"""


NGINX = ("--nginx", "nginx.conf")
# stands for a package that draws, and that compiles against libraries of the system
NOT_HERE = """
import sys
from unittest.mock import MagicMock
sys.modules[__name__] = sys.modules[f"{__name__}.repository"] = MagicMock()
"""
PRETIX = f"""
[pretix]
instance_name = Tickets
url = http://{HOST}
datadir = {{site}}/data
trust_x_forwarded_for = on
trust_x_forwarded_proto = on
"""
PRETIX_PRIVATE = """
    location ^~ /media/cachedfiles { deny all; return 404; }
    location ^~ /media/invoices { deny all; return 404; }
"""
PRETALX = f"""
[filesystem]
data = {{site}}/data
media = {{site}}/data/media
logs = {{site}}/data/logs
static = {{site}}/static
[site]
debug = False
url = http://{HOST}
"""
MAILMAN = f"""
from mailman_web.settings.base import *
from mailman_web.settings.mailman import *

BASE_DIR = Path("{{site}}")
SECRET_KEY = "projects" * 8
ALLOWED_HOSTS = ["localhost", "{HOST}"]
DATABASES["default"]["NAME"] = BASE_DIR / "mailman-web.db"
STATIC_ROOT = BASE_DIR / "static"
LOGGING["handlers"]["file"]["filename"] = BASE_DIR / "mailmanweb.log"
HAYSTACK_CONNECTIONS = {{"default": {{"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}}}
"""
WGER = f"""
from wger.settings_global import *

DEBUG, SECRET_KEY, ALLOWED_HOSTS, SITE_URL = False, "projects" * 8, ["{HOST}"], "http://{HOST}"
ADMINS = MANAGERS = [("Admin", "admin@{HOST}")]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "{{site}}/database.sqlite"}}}}
RECAPTCHA_PUBLIC_KEY = RECAPTCHA_PRIVATE_KEY = ""
STATIC_ROOT = COMPRESS_ROOT = "{{site}}/static"
MEDIA_ROOT, MEDIA_URL = "{{site}}/media", "/media/"
EMAIL_PAGE_DOMAIN = SITE_URL
"""
PULP = f"""
SECRET_KEY = "projects" * 8
CONTENT_ORIGIN = "http://{HOST}"
DEPLOY_ROOT = "{{site}}"
DB_ENCRYPTION_KEY = "{{site}}/database.key"
STATIC_ROOT, MEDIA_ROOT = "{{site}}/assets", "{{site}}/media"
WORKING_DIRECTORY = FILE_UPLOAD_TEMP_DIR = "{{site}}/tmp"
"""
STARTPROJECT = ("python", "-m", "django", "startproject")
URL_OF_STATIC, APPS_END = "STATIC_URL = 'static/'", "'django.contrib.staticfiles',"
STARTED = {
    "DEBUG = True": "DEBUG = False",
    "ALLOWED_HOSTS = []": f'ALLOWED_HOSTS = ["{HOST}"]',
}
OSCAR_APPS = """
    "django.contrib.sites",
    "django.contrib.flatpages",
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
]
"""
ROOTS = """
MEDIA_URL, STATIC_ROOT, MEDIA_ROOT = "/media/", BASE_DIR / "static", BASE_DIR / "media"
"""
OSCAR_END = f"""{ROOTS}
SITE_ID = 1
HAYSTACK_CONNECTIONS = {{"default": {{"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}}}
from oscar.defaults import *
"""
OSCAR_URLS = {
    "from django.urls import path": "from django.apps import apps\nfrom django.urls import include, path",
    "path('admin/', admin.site.urls),": """path('admin/', admin.site.urls),
    path('', include(apps.get_app_config('oscar').urls[0])),""",
}
WAGTAIL_LOCAL = f"""
SECRET_KEY = "projects" * 8
ALLOWED_HOSTS = ["{HOST}"]
"""

PROJECTS: Mapping[str, Project] = {
    "pretix": Project(
        ("pretix==2026.8.0",),
        "pretix.settings",
        {
            "pretix.cfg": PRETIX,
            "nginx.conf": nginx("{site}/pretix/static.dist", "{site}/data/media", PRETIX_PRIVATE, "365d"),
        },
        environ={"PRETIX_CONFIG_FILE": "{site}/pretix.cfg"},
        checkout=("pretix",),
        arguments=NGINX,
    ),
    "pretalx": Project(
        ("pretalx==2025.2.2",),
        "pretalx.settings",
        {"pretalx.cfg": PRETALX, "nginx.conf": nginx("{site}/static", "{site}/data/media")},
        environ={"PRETALX_CONFIG_FILE": "{site}/pretalx.cfg"},
        checkout=("pretalx",),
        arguments=NGINX,
    ),
    "weblate": Project(
        ("weblate[postgres]==5.14.3", "psycopg-binary==3.3.9"),
        "weblate.settings",
        {"cairo.py": NOT_HERE, "gi.py": NOT_HERE},
        edits=(
            Edit(
                "weblate/settings_example.py",
                "weblate/settings.py",
                {"DEBUG = True": "DEBUG = False", "/home/weblate/data": "{site}/data", '["*"]': f'["{HOST}"]'},
            ),
            Edit(
                "weblate/examples/weblate.nginx.gunicorn.conf",
                "nginx.conf",
                {"/home/weblate/data": "{site}/data", "server_name weblate": f"server_name {HOST}"},
            ),
        ),
        checkout=("weblate",),
        instead=(
            "borgbackup; python_version < '3'",
            "pygobject; python_version < '3'",
            "pycairo; python_version < '3'",
        ),
        arguments=NGINX,
        true={
            "CW525": "the shipped configuration lets the admin's files and the images be kept for 30 days",
            "CW529": "the shipped configuration leaves nginx its 1 MiB, and the settings allow 50 MB",
        },
    ),
    "mayan-edms": Project(
        ("mayan-edms==4.12.2",),
        "mayan.settings.production",
        environ={"MAYAN_MEDIA_ROOT": "{site}/data"},
        checkout=("mayan",),
        instead=("python-ldap; python_version < '3'",),
        true={"CW235": "its scripts come from npm with dependencies_install, which was not run"},
    ),
    "mailman-web": Project(
        ("mailman-web==0.0.9",),
        "settings",
        {"settings.py": MAILMAN, "nginx.conf": nginx("{site}/static")},
        checkout=("mailman_web", "hyperkitty", "postorius", "django_mailman3"),
        instead=("django>=5.2,<5.3",),
        arguments=NGINX,
    ),
    "wger": Project(
        ("wger==2.1",),
        "settings",
        {"settings.py": WGER, "nginx.conf": nginx("{site}/static", "{site}/media")},
        checkout=("wger",),
        instead=("django>=5.2,<5.3", "easy-thumbnails>=2.10"),
        arguments=NGINX,
    ),
    "pulpcore": Project(
        ("pulpcore==3.123.1",),
        "pulpcore.app.settings",
        {"pulp.py": PULP, "database.key": b64encode(b"projects" * 4).decode(), "tmp/.keep": ""},
        environ={"PULP_SETTINGS": "{site}/pulp.py"},
        checkout=("pulpcore",),
    ),
    "kolibri": Project(
        ("kolibri==0.19.5",),
        "kolibri.deployment.default.settings.base",
        {"data/.keep": ""},
        environ={"KOLIBRI_HOME": "{site}/data", "PYTHONPATH": "{site}/kolibri/dist:{site}:{site}/../here"},
        checkout=("kolibri",),
        refused="Clearway needs Django 5.2 or newer",  # it has its own of 3.2
    ),
    "label-studio": Project(
        ("label-studio==1.23.2",),
        "core.settings.label_studio",
        folder="label_studio",
        runs=(("python", "-c", "import shutil; shutil.rmtree('label_studio/core/static_build')"),),  # it is shipped
        environ={
            "BASE_DATA_DIR": "{site}/data",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
            "COLLECT_ANALYTICS": "0",
            "LATEST_VERSION_CHECK": "0",
        },
        checkout=("label_studio",),
    ),
    "evennia": Project(
        ("evennia==5.0.1",),
        "server.conf.settings",
        folder="game",
        runs=(("evennia", "--init", "game"),),
    ),
    "oscar": Project(
        ("django-oscar==4.2.1",),
        "shop.settings",
        {"nginx.conf": nginx("{site}/static", "{site}/media")},
        runs=((*STARTPROJECT, "shop", "."),),
        edits=(
            Edit(
                "shop/settings.py",
                "shop/settings.py",
                {
                    **STARTED,
                    f"{APPS_END}\n]": f"{APPS_END}{OSCAR_APPS}",
                    URL_OF_STATIC: f"{URL_OF_STATIC}{OSCAR_END}",
                },
            ),
            Edit("shop/urls.py", "shop/urls.py", OSCAR_URLS),
        ),
        checkout=("oscar",),
        arguments=NGINX,
    ),
    "wagtail": Project(
        ("wagtail==8.0.1",),
        "shop.settings.production",
        {"nginx.conf": nginx("{site}/static", "{site}/media"), "shop/settings/local.py": WAGTAIL_LOCAL},
        runs=(("wagtail", "start", "shop", "."),),
        image="Dockerfile",
        arguments=NGINX,
    ),
    "wagtail alone": Project(
        ("wagtail==8.0.1",),
        "shop.settings.production",
        {"shop/settings/local.py": WAGTAIL_LOCAL},
        runs=(("wagtail", "start", "shop", "."),),
        image="Dockerfile",
        true={
            "CW301": "the image of the template has gunicorn alone, which answers no file",
            "CW302": "the same for uploads: the URLconf of the template serves them with DEBUG only",
        },
    ),
    "django-cms": Project(
        (
            "django-cms==5.1.3",
            "django-filer==3.6.0",
            "djangocms-alias==3.2.0",
            "djangocms-frontend==2.5.3",
            "djangocms-link==5.2.0",
            "djangocms-simple-admin-style==2.1.1",
            "djangocms-text==1.0.2",
            "djangocms-versioning==2.8.0",
            "pip==26.3",
        ),
        "shop.settings",
        {"nginx.conf": nginx("{site}/static", "{site}/media")},
        runs=((*STARTPROJECT, "shop", "."), ("djangocms", ".", "--noinput", "--use-bundled-install-rules")),
        edits=(
            Edit(
                "shop/settings.py",
                "shop/settings.py",
                {**STARTED, URL_OF_STATIC: f"{URL_OF_STATIC}{ROOTS}"},
            ),
        ),
        arguments=NGINX,
    ),
    "cookiecutter": Project(
        ("django==5.2.19", "django-environ==0.12.0", "whitenoise==6.11.0"),
        "config.settings.production",
        IN_COOKIECUTTERS_FORM,
        environ={
            "DJANGO_SECRET_KEY": "projects" * 8,
            "DJANGO_ALLOWED_HOSTS": HOST,
            "DATABASE_URL": "sqlite:///{site}/shop.sqlite3",
        },
        image="compose/production/django/start",
    ),
    "django": Project(
        ("django==5.2.19",),
        "shop.settings",
        {"nginx.conf": nginx("{site}/static")},
        runs=((*STARTPROJECT, "shop", "."),),
        edits=(
            Edit(
                "shop/settings.py",
                "shop/settings.py",
                {**STARTED, URL_OF_STATIC: f'{URL_OF_STATIC}\nSTATIC_ROOT = BASE_DIR / "static"'},
            ),
        ),
        arguments=NGINX,
    ),
}

# those of the suite: the others take longer, and are for `make projects`
QUICK = tuple(name for name in PROJECTS if name not in ("evennia", "label-studio", "pulpcore", "wagtail alone"))

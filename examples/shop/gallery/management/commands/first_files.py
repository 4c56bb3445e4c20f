from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.management.base import BaseCommand
from invoices.models import Invoice

from gallery.models import Shared

PAPER = settings.BASE_DIR / "invoices" / "first" / "invoice-2026-014.pdf"
SHARED = [
    ("Terraces at dawn", "terraces.jpg"),
    ("Three minutes, no more", "steeping.webm"),
    ("How to brew, on one page", "brewing-card.pdf"),
    ("Our kettle, drawn", "kettle.svg"),
    ("A page from my site", "my-page.html"),
]


class Command(BaseCommand):
    help = "Hangs up the first files of the gallery and writes one invoice, unless there are some."

    def add_arguments(self, parser):
        parser.add_argument("--owner", required=True, help="the user whom the invoice belongs to")

    def handle(self, *, owner, **options):
        for title, name in () if Shared.objects.exists() else SHARED:
            with (settings.BASE_DIR / "gallery" / "first" / name).open("rb") as file:
                Shared.objects.create(title=title, file=File(file, name=name))
        user = get_user_model().objects.get_by_natural_key(owner)
        if not Invoice.objects.filter(owner=user).exists():
            row = Invoice(owner=user, number="2026-014", issued=date(2026, 11, 2), total=Decimal("63.20"))
            with PAPER.open("rb") as file:
                row.file.save(PAPER.name, File(file))

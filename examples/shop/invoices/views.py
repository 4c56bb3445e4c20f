from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from clearway.media.sharing import create_link
from clearway.media.sharing.models import ShareLink
from invoices.models import Invoice


class Invoices(LoginRequiredMixin, ListView):
    def get_queryset(self):
        return Invoice.objects.filter(owner=self.request.user)

    def get_context_data(self, **kwargs):
        mine = ShareLink.objects.of_person(self.request.user).live()
        links = [(link, self.request.build_absolute_uri(link.get_absolute_url())) for link in mine]
        return super().get_context_data(links=links, **kwargs)


@login_required
@require_POST
def share_invoice(request, pk):
    """A link that one person can open, once, within a week."""
    invoice = get_object_or_404(Invoice, pk=pk, owner=request.user)
    create_link(invoice.file, by=request.user, lifetime=timedelta(days=7), uses=1)
    return redirect("invoices")


@login_required
@require_POST
def end_link(request, pk):
    get_object_or_404(ShareLink, pk=pk, created_by=request.user).revoke()
    return redirect("invoices")

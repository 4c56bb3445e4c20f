from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView, ListView

from gallery.forms import ShareForm
from gallery.models import Shared


class Gallery(ListView):
    model = Shared


class Share(LoginRequiredMixin, SuccessMessageMixin, CreateView):
    model = Shared
    form_class = ShareForm
    success_url = reverse_lazy("gallery")
    success_message = "Thank you. “%(title)s” hangs on the wall now."

from django.conf import settings
from django.views.generic import DetailView, ListView

from catalogue.models import Kind, Product


class ProductList(ListView):
    model = Product
    extra_context = {"kinds": Kind.choices}


class ProductPage(DetailView):
    model = Product

    def get_context_data(self, **kwargs):
        # Uploads are served by runserver only; elsewhere the illustration stands in for the photo.
        return super().get_context_data(show_photo=settings.DEBUG and bool(self.object.photo), **kwargs)

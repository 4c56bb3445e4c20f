from django.views.generic import DetailView, ListView

from catalogue.models import Kind, Product


class ProductList(ListView):
    model = Product
    extra_context = {"kinds": Kind.choices}


class ProductPage(DetailView):
    model = Product

from django.urls import path

from catalogue.views import ProductList, ProductPage

urlpatterns = [
    path("", ProductList.as_view(), name="shop"),
    path("tea/<slug:slug>/", ProductPage.as_view(), name="product"),
]

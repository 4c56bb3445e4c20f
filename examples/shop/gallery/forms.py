from django import forms

from gallery.models import Shared


class ShareForm(forms.ModelForm):
    class Meta:
        model = Shared
        fields = ["title", "file"]

"""The page that shows every component in every state; in development and the demonstration only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kehou.lib.gates import open_to_all


@open_to_all
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    return render(request, "components/gallery.html")

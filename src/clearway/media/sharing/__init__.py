"""Share links: a private file for whoever has the link, for a while. `clearway.media.sharing` is an application.

The model is `clearway.media.sharing.models.ShareLink`, the view `clearway.media.sharing.view.shared_files`.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import ShareLink

WEEK = timedelta(days=7)


def create_link(
    file: Any, *, by: Any = None, lifetime: timedelta = WEEK, uses: int | None = None, note: str = ""
) -> "ShareLink":
    """A new link to a private file.

    file      what has a `storage` of STORAGES and a `name` there: the value of a file field
    by        the user whose link it is; it ends with the account
    lifetime  from now
    uses      how many people may open it, each in one browser; None: whoever has it, as often as they like
    note      for who manages the links

    Who may make one is for the caller to decide. Raises `ValueError`.
    """
    from .models import ShareLink

    link: ShareLink = ShareLink.objects.open_for(file, by=by, lifetime=lifetime, uses=uses, note=note)
    return link

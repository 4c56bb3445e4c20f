"""Private files: a storage, one permission, and the roads on which a file gets to the client."""

from .asked import AskedFile, Permission
from .bucket import PrivateBucket
from .denial import forbidden, not_found, to_login
from .field import PrivateFileField, by_field
from .permission import in_group, named_by, signed_in, with_perm
from .roads.bucket_redirect import CookieRedirect, Redirect
from .signals import accessed
from .storage import PrivateStorage
from .view import private_files

__all__ = [
    "AskedFile",
    "CookieRedirect",
    "Permission",
    "PrivateBucket",
    "PrivateFileField",
    "PrivateStorage",
    "Redirect",
    "accessed",
    "by_field",
    "forbidden",
    "in_group",
    "named_by",
    "not_found",
    "private_files",
    "signed_in",
    "to_login",
    "with_perm",
]

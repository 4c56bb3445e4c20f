"""One object server for all tests of this folder."""

from tests.helpers.object_server import object_server

__all__ = ["object_server"]

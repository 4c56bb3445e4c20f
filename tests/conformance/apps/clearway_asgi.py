"""Clearway over the fallback, under ASGI; a plain directory has to be told which names are immutable."""

from tests.conformance.apps.fallback import HASHED, PREFIX, ROOT, asgi

from clearway.asgi import Clearway

application = Clearway(asgi, root=ROOT, prefix=PREFIX, immutable_file_test=HASHED.pattern)

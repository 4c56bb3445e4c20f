"""Clearway over the fallback, under WSGI; a plain directory has to be told which names are immutable."""

from tests.conformance.apps.fallback import HASHED, PREFIX, ROOT, wsgi

from clearway.wsgi import Clearway

application = Clearway(wsgi, root=ROOT, prefix=PREFIX, immutable_file_test=HASHED.pattern)

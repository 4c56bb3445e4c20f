"""WhiteNoise over the fallback, under WSGI."""

from tests.conformance.apps.fallback import HASHED, PREFIX, ROOT, wsgi
from whitenoise import WhiteNoise

application = WhiteNoise(wsgi, root=ROOT, prefix=PREFIX, immutable_file_test=HASHED.pattern)

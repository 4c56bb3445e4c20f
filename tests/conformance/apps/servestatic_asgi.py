"""ServeStaticASGI over the fallback, under ASGI."""

from servestatic import ServeStaticASGI
from tests.conformance.apps.fallback import PREFIX, ROOT, asgi

application = ServeStaticASGI(asgi, root=ROOT, prefix=PREFIX)

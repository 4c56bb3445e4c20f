"""The site over ASGI behind the wrapper of the chosen stack."""

import os

os.environ["BENCH_WRAPPED"] = "1"
from benchmarks.site.asgi import application as django_application

if os.environ["BENCH_STACK"] == "clearway":
    from clearway.asgi import Clearway

    application = Clearway(django_application)
else:
    from servestatic import ServeStaticASGI

    application = ServeStaticASGI(django_application, root=os.environ["BENCH_ROOT"], prefix="static/", max_age=31536000)

"""A site for every server: bare applications inside the wrappers. It is copied to where its files are."""

import os

from clearway import asgi, wsgi

HERE = os.path.dirname(os.path.abspath(__file__))


def add_files(site):
    site.add_files(os.path.join(HERE, "plain"), "plain/")
    site.add_files(os.path.join(HERE, "released"), "static/")
    site.add_files(os.path.join(HERE, "www"))
    return site


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    answer = page(environ["PATH_INFO"], body)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]


async def async_application(scope, receive, send):
    if scope["type"] == "lifespan":
        return await live(receive, send)
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    answer = page(scope["path"], body)
    fields = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": answer})
    return None


async def live(receive, send):
    while (message := await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": f"{message['type']}.complete"})


def page(path, body):
    return f"{path} and a body of {len(body)}".encode()


by_wsgi = add_files(wsgi.Clearway(application))
by_asgi = add_files(asgi.Clearway(async_application))

"""The site in workers of gunicorn that tell about themselves: `/numbers` in JSON, `/sleep?SECONDS`, `/broken`.

`/handed/NAME` is a file of the application, by wsgi.file_wrapper; `?START` from there on, `?none` without a length.
"""

import io
import json
import os
import time

from gunicorn.workers import gthread
from wrapped import HERE, add_files
from wrapped import application as page

from clearway.gunicorn import ThreadWorker
from clearway.wsgi import Clearway

gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.5
worker = None


class Lane(ThreadWorker):
    answered = rounds = 0

    def load_wsgi(self):
        global worker
        worker = self
        super().load_wsgi()
        if self.lane:
            dispatch = self.poller.dispatch
            self.poller.dispatch = lambda timeout: self.count(dispatch(timeout))

    def count(self, found):
        self.rounds += 1
        return found

    def _answers(self, connection, data):
        answered = super()._answers(connection, data)
        self.answered += answered
        return answered


class Told(gthread.ThreadWorker):
    """Gunicorn's own worker."""

    def load_wsgi(self):
        global worker
        worker = self
        super().load_wsgi()


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/numbers":
        body = json.dumps(numbers()).encode()
    elif path == "/sleep":
        time.sleep(float(environ["QUERY_STRING"]))
        body = b"slept"
    elif path.startswith("/handed/"):
        return handed(environ, start_response)
    else:
        return page(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def handed(environ, start_response):
    file = io.FileIO(os.path.join(HERE, environ["PATH_INFO"].removeprefix("/handed/")))
    query, fields = environ["QUERY_STRING"], [("Content-Type", "application/octet-stream")]
    if query != "none":
        file.seek(int(query or 0))
        fields.append(("Content-Length", str(os.fstat(file.fileno()).st_size - file.tell())))
    start_response("200 OK", fields)
    return environ["wsgi.file_wrapper"](file)


def numbers():
    names = ("nr", "nr_conns", "answered", "rounds")
    told = {name: getattr(worker, name, 0) for name in names}
    waiting = ("keepalived_conns", "pending_conns", "sending_conns", "closing_conns")
    told |= {name: len(getattr(worker, name, ())) for name in waiting}
    return told | {"pid": os.getpid(), "descriptors": len(os.listdir("/proc/self/fd"))}


by_wsgi = add_files(Clearway(application))
by_wsgi.add_files(os.path.join(HERE, "changing"), "changing/")

"""How the project logs."""

import logging


class Short(logging.Formatter):
    """Without the traceback of what Django refuses with 400, which is no error of the server."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security") or record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return super().format(record)

"""`clearway.media.UploadHandler`: Django's two handlers in one, which looks at what arrives and stops at the limits."""

import errno
import logging
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from clearway.media.setting import gate_setting, type_of_name
from clearway.policy.inspection import Inspector
from clearway.policy.inspection.verdict import Finding, findings
from clearway.policy.limits import Limits

from .refusal import refused
from .seen import attached
from .spool import Room, Spool
from .unread import RefusedUpload

logger = logging.getLogger("clearway.media")
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


class UploadHandler(FileUploadHandler):
    """`FILE_UPLOAD_HANDLERS = ["clearway.media.UploadHandler"]`: in memory or in a temporary file, like Django's own.

    What is refused is dropped from then on, and its file raises `UploadRefused` when it is read: a field of a form
    says why. Octets are counted here, whatever the request says of its length. The files have `inspection` and
    `findings` (see `clearway.policy.inspection`). `limits` are those of the project unless others are given.
    """

    def __init__(self, request: HttpRequest | None = None, limits: Limits | None = None) -> None:
        super().__init__(None)  # a request that breaks off is forgotten at once when nothing here holds it
        self._gate = gate_setting()
        self._limits = limits or self._gate.limits
        self._room, self._files = Room(), 0
        self._spool: Spool | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file of the request."""
        super().new_file(*args, **kwargs)
        self._files += 1
        self._findings: tuple[Finding, ...] = ()
        self._inspector = Inspector(type_of_name(str(self.file_name)), clean=self._gate.strip_location)
        names = ("field_name", "file_name", "content_type", "charset", "content_type_extra")
        self._spool = Spool(self._room, {name: getattr(self, name) for name in names})
        most = self._limits.max_files
        if most is not None and self._files > most:
            self._refuse(Finding("too_many_files", {"limit": most}, refused=True))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next octets of the file, which no later handler is given."""
        if self._spool is None:
            return
        self._inspector.feed(raw_data)
        self._judge(findings(self._inspector.so_far, self._limits))
        if self._spool is not None:
            self._try(lambda spool: spool.write(raw_data))

    def file_complete(self, file_size: int) -> Any:
        """The file, or what is told of it."""
        if self._spool is not None:
            self._judge(findings(self._inspector.close(), self._limits))
        if self._spool is not None:
            self._try(lambda spool: spool.change(self._inspector.edits))
        file = self._finished() if self._spool is not None else None
        return file or self._dropped(file_size)

    def upload_interrupted(self) -> None:
        """Keep nothing of a file that did not come to its end."""
        self.close()

    def close(self) -> None:
        """Keep nothing of the file that is arriving."""
        if self._spool is not None:
            self._spool.discard()
            self._spool = None

    def __del__(self) -> None:
        if getattr(self, "_spool", None) is not None:
            self.close()

    @property
    def file(self) -> Any:
        """What Django closes when a file is skipped by another handler."""
        return self

    def _judge(self, found: tuple[Finding, ...]) -> None:
        self._findings = found
        if any(finding.refused for finding in found):
            self.close()

    def _refuse(self, finding: Finding) -> None:
        self._judge((*self._findings, finding))

    def _try(self, step: Any) -> Any:
        """A step that writes; a full disk refuses the file."""
        try:
            return step(self._spool)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            logger.error("no room for an upload of %s: %s", self.file_name, error)
            self._refuse(Finding("disk_full", {}, refused=True))
            return None

    def _finished(self) -> Any:
        file = self._try(lambda spool: spool.finished())
        if file is None:
            return None
        self._spool = None
        return attached(file, self._inspector.so_far, self._findings)

    def _dropped(self, size: int) -> Any:
        refusal = refused(self._findings)
        assert refusal is not None
        file = RefusedUpload(refusal, str(self.file_name), self.content_type, size)
        return attached(file, self._inspector.so_far, self._findings)

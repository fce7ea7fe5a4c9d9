"""Starting and asking the models process; it imports next to nothing, so that the process is up as early as can be."""

from __future__ import annotations

import os
import subprocess
import sys


class ModelsWorker:
    """The running models process. It answers one request; another process is started for each further one."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._is_used = False

    def ask(self, request: str) -> tuple[str, str]:
        """Standard output of the process and its last words: a line of standard error, else how it ended."""
        if self._is_used:
            self.process = _started()
        self._is_used = True
        output, errors = self.process.communicate(request.encode())
        last = errors.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        return output.decode(errors="replace"), last or f"exit status {self.process.returncode}"

    def close(self) -> None:
        """End the process if it still waits for a request."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def start_worker() -> ModelsWorker:
    """Start loading datamodel-code-generator now, to be asked for models later."""
    return ModelsWorker(_started())


def _started() -> subprocess.Popen[bytes]:
    # -P: a module in the working directory must not be taken for one of the library's.
    command = [sys.executable, "-P", "-m", "clientsmith.emit.models.models_worker"]
    # Looking for plugins of pydantic costs time; none has any business in the models of a package.
    environment = os.environ | {"PYDANTIC_DISABLE_PLUGINS": "__all__"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)

"""Other programs that compare descriptions, from the registries that can be reached, on the same two files."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("openapi-diff@0.24.1", "@useoptic/optic@1.0.9")
_COMMANDS = {
    "openapi-diff": ("openapi-diff", ["{old}", "{new}"]),
    "optic": ("optic", ["diff", "{old}", "{new}", "--check"]),
}
_SECONDS = 300


class Peers:
    """Those that can be installed from npm; oasdiff and openapi-changes are programs in Go, which npm only fetches."""

    def __init__(self, folder: Path) -> None:
        self._commands = folder / "node_modules" / ".bin"
        self.about = self._installed(folder)

    def _installed(self, folder: Path) -> str:
        if not self._commands.exists() and shutil.which("npm"):
            folder.mkdir(parents=True, exist_ok=True)
            command = [
                "npm",
                "install",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--prefix",
                str(folder),
                *PACKAGES,
            ]
            subprocess.run(command, check=False, capture_output=True)
        found = [name for name in _COMMANDS if self._starts(name)]
        missing = ", ".join(sorted(_COMMANDS.keys() - found))
        versions = ", ".join(f"{name} {self._version(folder, name)}" for name in found)
        note = f"; cannot be started as npm installs it here: {missing}" if missing else ""
        return f"peers: {versions or 'none'}{note}"

    def _starts(self, name: str) -> bool:
        path = self._commands / _COMMANDS[name][0]
        if not path.exists():
            return False
        return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0

    def _version(self, folder: Path, name: str) -> str:
        package = next(one for one in PACKAGES if name in one).rpartition("@")[0]
        text = (folder / "node_modules" / package / "package.json").read_text(encoding="utf-8")
        return str(json.loads(text)["version"])

    def compare(self, old: Path, new: Path) -> None:
        """Print the CPU of each, and how much it printed; it compares what it can of the same files."""
        for name, (program, arguments) in _COMMANDS.items():
            path = self._commands / program
            if not self._starts(name):
                continue
            command = [one.format(old=old, new=new) for one in arguments]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            try:
                done = subprocess.run(
                    [path, *command], capture_output=True, text=True, timeout=_SECONDS, check=False
                )
            except subprocess.TimeoutExpired:
                print(f"  {name}: not finished after {_SECONDS} s")
                continue
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            said = (done.stdout + done.stderr).strip().splitlines() or [""]
            print(
                f"  {name}: {cpu:.1f} s CPU, exit {done.returncode}, {len(said)} lines, the first one: {said[0]:.120}"
            )

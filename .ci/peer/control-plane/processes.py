"""Programs beside the product: on loopback, and gone when the driver is, whatever ends it."""

import atexit
import contextlib
import ctypes
import random
import signal
import socket
import subprocess
import time

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _die_with_the_driver():
    """For a driver that is killed; one that ends kills its programs itself."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Program:
    """A running process whose output goes to a file."""

    def __init__(self, command, log, environment=None):
        self.log = log
        with open(log, "ab") as out:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment,
                preexec_fn=_die_with_the_driver,
            )
        atexit.register(self.kill)

    def is_running(self):
        return self._process.poll() is None

    def kill(self):
        self._process.kill()
        self._process.wait()

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def free_port(host="127.0.0.1"):
    """A port that the system does not give to connections: a server that restarts finds it free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket(family) as probe, contextlib.suppress(OSError):
            probe.bind((host, port))
            return port


def until(condition, what, seconds=120):
    """Asks until the answer is true, and returns it; fails with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)

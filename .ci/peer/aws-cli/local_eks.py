"""Local EKSs to ask: the jar's command "local", and one whose faults are switched on and off."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import urllib.error
import urllib.request

JAR = os.environ["PEER_JAR"]
WORK = pathlib.Path(os.environ["PEER_WORK"])
HERE = pathlib.Path(__file__).parent
CLUSTER = "my-cluster"
ADDON = "eks-pod-identity-agent"
PREFIX = "arn:aws:iam::111122223333:role/"

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class LocalEks:
    """A local EKS as a process."""

    def __init__(self, process, endpoint):
        self._process = process
        self.endpoint = endpoint

    def switch(self, command):
        """Has a faulty EKS follow a command."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline().strip()
        if line != "ok":
            raise RuntimeError(f"{command}: the local EKS answered {line!r}")

    def token(self, service_account, pod=None):
        """A token of shop/SERVICE-ACCOUNT, bound to a pod unless none is given."""
        spec = {"boundObjectRef": {"name": pod}} if pod else {}
        status, _, body = self.ask(
            "POST",
            f"/api/v1/namespaces/shop/serviceaccounts/{service_account}/token",
            {"spec": spec},
        )
        assert status == 201, status
        return json.loads(body)["status"]["token"]

    def ask(self, method, path, body=None):
        """The status, headers and body of an answer to an unsigned request."""
        request = urllib.request.Request(
            self.endpoint + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with DIRECT.open(request, timeout=120) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()


@contextlib.contextmanager
def _started(command, endpoint_line, log):
    with open(WORK / log, "w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
        )
    try:
        for line in process.stdout:
            match = re.match(endpoint_line, line)
            if match:
                yield LocalEks(process, match.group(1))
                return
        raise RuntimeError("no local EKS started:\n" + (WORK / log).read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.communicate(timeout=120)


def local_eks(*options):
    """The jar's local EKS, ended with the block."""
    return _started(
        ["java", "-jar", JAR, "local", *options], r"# A local EKS .*: (http\S+)$", "local.log"
    )


def faulty_eks():
    """A local EKS that follows commands; FaultyEks.java says which."""
    return _started(["java", "-cp", JAR, str(HERE / "FaultyEks.java")], r"(http\S+)$", "faulty.log")

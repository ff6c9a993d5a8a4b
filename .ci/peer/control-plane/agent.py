"""The node agent under test: the jar as it is, with a service account of its own."""

import http.client
import json
import os
import re

from eks_auth import EksAuth
from processes import Program, free_port

AUDIT_TRAIL = "dev.podidentity.audit"


class Agent:
    """An agent on a node of its own, in a pod of its own, with an EKS Auth of its own."""

    def __init__(self, plane, name, address="127.0.0.1", account="my-account"):
        self.name = name
        self.node = f"node-{name}"
        self.eks_auth = EksAuth()
        self._plane = plane
        self._address = address
        self._account = account
        self._port = free_port(address)
        self._probes = free_port()
        self._metrics = free_port()
        self._own_pods = 0
        self._program = None
        self._folder = plane.folder / name
        self._folder.mkdir()
        (self._folder / "ca.crt").write_bytes((plane.folder / "ca.crt").read_bytes())
        plane.make_node(self.node)
        self.be_given_a_pod()

    def start(self, jar, api_port, api_host="127.0.0.1"):
        command = ["java", "-jar", jar, "server"]
        command += ["--cluster-name", "my-cluster", "--endpoint", self.eks_auth.endpoint]
        command += ["-b", f"[{self._address}]" if ":" in self._address else self._address]
        command += ["-p", self._port, "--probe-port", self._probes]
        command += ["--metrics-address", "127.0.0.1", "--metrics-port", self._metrics]
        command += ["--service-account-dir", self._folder]
        command += ["--pod-liveness", "--node-name", self.node, "--debug-entries"]
        command += ["--max-credential-retention-before-renewal", "2s", "--max-service-qps", "500"]
        environment = {
            "PATH": os.environ["PATH"],
            "KUBERNETES_SERVICE_HOST": api_host,
            "KUBERNETES_SERVICE_PORT": str(api_port),
            "AWS_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "AKIA0EXAMPLE00000000",
            "AWS_SECRET_ACCESS_KEY": "an-example",
        }
        self._program = Program(command, self._folder / "log", environment)

    def be_given_a_pod(self):
        """A pod for the agent, and what a kubelet does then: the token's file is replaced."""
        self._own_pods += 1
        name = f"{self.name}-{self._own_pods}"
        self.pod = self._plane.start_pod(self.node, name, "kube-system", self._account)
        self.own_token = self._plane.token(self.pod, audience=None)
        (self._folder / "next").write_text(self.own_token)
        (self._folder / "next").rename(self._folder / "token")

    def is_listening(self):
        return self._has_said("The agent is listening")

    def is_watching(self):
        return self._has_said("Watching this node's pods")

    def _has_said(self, message):
        if not self._program.is_running():
            raise AssertionError(f"{self.name} has ended:\n{self._program.tail()}")
        return any(line["message"] == message for line in self._lines())

    def log(self):
        """What the agent has logged, without how it began and without the audit trail of its answers."""
        lines = self._lines() if self._program else []
        return [
            line
            for line in lines
            if line.get("logger") != AUDIT_TRAIL and line["message"] != "The agent is listening"
        ]

    def _lines(self):
        return [_read(line) for line in self._program.log.read_text(errors="replace").splitlines()]

    def ask(self, token):
        """What a pod gets: status and body. Tried three times, as AWS SDKs do."""
        for attempt in (1, 2, 3):
            try:
                status, body = self._ask_once(token)
            except (ConnectionError, TimeoutError):
                if attempt == 3:
                    raise
            else:
                if status < 500 or attempt == 3:
                    return status, body

    def _ask_once(self, token):
        connection = http.client.HTTPConnection(self._address, self._port, timeout=60)
        try:
            connection.request("GET", "/v1/credentials", headers={"Authorization": token})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def must_answer(self, token):
        status, body = self.ask(token)
        if status != 200:
            raise AssertionError(f"{self.name} answers a pod {status}: {body}")

    def metric(self, name):
        page = self._get(self._metrics, "/metrics").decode()
        found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
        return float(found.group(1)) if found else 0.0

    def pods_with_credentials(self):
        return {entry["podUid"] for entry in json.loads(self._get(self._probes, "/debug/entries"))["entries"]}

    def _get(self, port, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()


def _read(line):
    try:
        return json.loads(line)
    except ValueError:
        return {"message": line}

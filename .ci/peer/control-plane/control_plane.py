"""etcd, kube-apiserver and kube-controller-manager, and what tests ask of them."""

import dataclasses
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import urllib.request

from processes import Program, free_port, until

ISSUER = "https://kubernetes.default.svc.cluster.local"
AUDIENCE = "pods.eks.amazonaws.com"


@dataclasses.dataclass(frozen=True)
class Pod:
    namespace: str
    name: str
    uid: str
    account: str


class ApiServer:
    """One of the API servers in front of the same etcd."""

    def __init__(self, plane, name, address):
        self._plane = plane
        self._name = name
        self._address = address
        self._program = None
        self.audit = plane.folder / f"{name}.audit"
        self.port = free_port("::" if ":" in address else "127.0.0.1")

    def start(self, *token_keys):
        """Starts it; tokens are signed with the first key, and accepted with any of them."""
        folder = self._plane.folder
        command = [
            self._plane.binary,
            "kube-apiserver",
            f"--etcd-servers={self._plane.etcd_url}",
            f"--bind-address={self._address}",
            f"--secure-port={self.port}",
            "--advertise-address=127.0.0.1",
            f"--client-ca-file={folder}/ca.crt",
            f"--tls-cert-file={folder}/server.crt",
            f"--tls-private-key-file={folder}/server.key",
            f"--service-account-issuer={ISSUER}",
            f"--service-account-signing-key-file={folder}/{token_keys[0]}.key",
            f"--api-audiences={ISSUER}",
            "--service-cluster-ip-range=10.43.0.0/16",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
            f"--audit-policy-file={folder}/audit-policy.yaml",
            f"--audit-log-path={self.audit}",
        ]
        command += [f"--service-account-key-file={folder}/{key}.pub" for key in token_keys]
        self._program = Program(command, folder / f"{self._name}.log")
        return self

    def wait_until_ready(self):
        until(self._is_ready, f"{self._name} is ready", 300)

    def _is_ready(self):
        if not self._program.is_running():
            raise AssertionError(f"{self._name} has ended:\n{self._program.tail()}")
        try:
            return self.send("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def kill(self):
        self._program.kill()

    def send(self, method, path, body=None, token=None):
        """Status and body; as the cluster's administrator, or with a token."""
        trust = ssl.create_default_context(cafile=self._plane.folder / "ca.crt")
        if token is None:
            trust.load_cert_chain(self._plane.folder / "admin.crt", self._plane.folder / "admin.key")
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=trust, timeout=60)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        status, text = self.send(method, path, body)
        if status >= 300:
            raise AssertionError(f"{method} {path}: {status} {text[:500]}")
        return json.loads(text)

    def asked_by(self, pod):
        """What the agent in this pod has asked: audit events."""
        events = map(json.loads, self.audit.read_text().splitlines())
        return [
            event
            for event in events
            if event["user"].get("extra", {}).get("authentication.kubernetes.io/pod-uid") == [pod.uid]
        ]


class ControlPlane:
    """One etcd, one API server and one controller manager; more API servers may join them."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        etcd_port = free_port()
        self.etcd_url = f"http://127.0.0.1:{etcd_port}"
        subprocess.run([binary, "certificates", folder], check=True)
        (self.folder / "audit-policy.yaml").write_text(_AUDIT_POLICY)
        self._etcd = Program(
            [binary, "etcd", f"--data-dir={folder}/etcd", f"--client-port={etcd_port}", f"--peer-port={free_port()}"],
            self.folder / "etcd.log",
        )
        until(self._etcd_is_ready, "etcd is ready")
        self.api = ApiServer(self, "kube-apiserver", "127.0.0.1").start("tokens-rsa")
        self.api.wait_until_ready()
        self._write_kubeconfig("admin")
        self._write_kubeconfig("controller-manager")
        self._controllers = Program(
            [
                binary,
                "kube-controller-manager",
                f"--kubeconfig={folder}/controller-manager.kubeconfig",
                f"--service-account-private-key-file={folder}/tokens-rsa.key",
                f"--root-ca-file={folder}/ca.crt",
                f"--secure-port={free_port()}",
                "--bind-address=127.0.0.1",
                "--use-service-account-credentials",
                "--leader-elect=false",
                "--controllers=*,-nodeipam,-node-route-controller,-cloud-node-lifecycle-controller"
                ",-service-lb-controller,-node-lifecycle-controller",
            ],
            self.folder / "kube-controller-manager.log",
        )

    def _etcd_is_ready(self):
        if not self._etcd.is_running():
            raise AssertionError(f"etcd has ended:\n{self._etcd.tail()}")
        try:
            with urllib.request.urlopen(f"{self.etcd_url}/health", timeout=5) as answer:
                return json.load(answer)["health"] == "true"
        except OSError:
            return False

    def compact(self):
        """Makes etcd forget every revision but the newest."""
        newest = self._etcd_call("range", {"key": "AA=="})["header"]["revision"]
        self._etcd_call("compaction", {"revision": newest, "physical": True})

    def _etcd_call(self, name, body):
        request = urllib.request.Request(f"{self.etcd_url}/v3/kv/{name}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def _write_kubeconfig(self, user):
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "it",
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "clusters": [
                {
                    "name": "it",
                    "cluster": {
                        "server": f"https://127.0.0.1:{self.api.port}",
                        "certificate-authority": f"{self.folder}/ca.crt",
                    },
                }
            ],
            "users": [
                {
                    "name": "it",
                    "user": {
                        "client-certificate": f"{self.folder}/{user}.crt",
                        "client-key": f"{self.folder}/{user}.key",
                    },
                }
            ],
        }
        (self.folder / f"{user}.kubeconfig").write_text(json.dumps(config))

    def kubectl(self, *arguments):
        """Exit code and everything that it says."""
        done = subprocess.run(
            [self.binary, "kubectl", *arguments],
            env={
                "KUBECONFIG": f"{self.folder}/admin.kubeconfig",
                "HOME": str(self.folder),
                "PATH": os.environ["PATH"],
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout

    def must_kubectl(self, *arguments):
        code, said = self.kubectl(*arguments)
        if code:
            raise AssertionError(f"kubectl {arguments}: {said}")
        return said

    def make_namespace(self, name):
        self.must_kubectl("create", "namespace", name)

    def make_node(self, name, labels=None):
        labels = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"} | (labels or {})
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}
        self.api.ask("POST", "/api/v1/nodes", node)

    def bind(self, account):
        """Grants what the chart grants to an agent."""
        role, subject = "--clusterrole=my-agent-pods", f"--serviceaccount=kube-system:{account}"
        self.must_kubectl("create", "clusterrolebinding", account, role, subject)

    def unbind(self, account):
        self.must_kubectl("delete", "clusterrolebinding", account)

    def make_account(self, namespace, name):
        self.api.ask(
            "POST",
            f"/api/v1/namespaces/{namespace}/serviceaccounts",
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}},
        )

    def start_pod(self, node, name, namespace="shop", account="checkout"):
        made = self.api.ask(
            "POST",
            f"/api/v1/namespaces/{namespace}/pods",
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": name},
                "spec": {
                    "nodeName": node,
                    "serviceAccountName": account,
                    "automountServiceAccountToken": False,
                    "tolerations": [{"operator": "Exists"}],
                    "containers": [{"name": "it", "image": "registry.example.com/it:1"}],
                },
            },
        )
        return Pod(namespace, name, made["metadata"]["uid"], account)

    def delete_pod(self, pod):
        self.api.ask(
            "DELETE",
            f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}",
            {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0},
        )

    def token(self, pod, audience=AUDIENCE, signed_by=None):
        """A projected token of the pod, as a kubelet asks for it."""
        spec = {
            "expirationSeconds": 86_400,
            "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": pod.name, "uid": pod.uid},
        }
        if audience:
            spec["audiences"] = [audience]
        answer = (signed_by or self.api).ask(
            "POST",
            f"/api/v1/namespaces/{pod.namespace}/serviceaccounts/{pod.account}/token",
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec},
        )
        return answer["status"]["token"]


_AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    userGroups: ["system:serviceaccounts:kube-system"]
    nonResourceURLs: ["/openid/v1/jwks"]
  - level: Metadata
    userGroups: ["system:serviceaccounts:kube-system"]
    resources: [{group: "", resources: [pods]}]
  - level: None
"""

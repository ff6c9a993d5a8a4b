"""What the chart renders, as an API server takes it."""

import json
import pathlib
import re

from processes import until

OPERATOR_KINDS = {"ServiceMonitor", "PrometheusRule"}
_APPLIED_OR_UNKNOWN = "serverside-applied|no matches for kind|ensure CRDs are installed first"
HERE = pathlib.Path(__file__).parent


def check_manifests(report, plane, repo):
    folder = repo / "examples/kubernetes"
    rendered = [each for each in folder.glob("rendered/*.yaml") if not each.name.endswith(".values.yaml")]
    files = sorted(rendered) + [folder / "manifest.yaml"]
    with report.showing(f"without the Prometheus operator, {len(files)} files lack its kinds and nothing else"):
        for file in files:
            _, said = _dry_run(plane, file)
            other = [line for line in said.splitlines() if not re.search(_APPLIED_OR_UNKNOWN, line)]
            missing = set(re.findall(r'no matches for kind "(\w+)"', said))
            used = {kind for kind in OPERATOR_KINDS if f"kind: {kind}\n" in file.read_text()}
            assert missing == used and not other, f"{file.name}:\n{said}"
    plane.must_kubectl("apply", "-f", HERE / "prometheus-operator.yaml")
    plane.must_kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
    for file in files:
        with report.showing(f"with it, the API server takes {file.name}"):
            code, said = _dry_run(plane, file)
            assert code == 0, said
    plane.must_kubectl("create", "priorityclass", "my-priority", "--value=1000")
    plane.make_node("ec2-1")
    plane.make_node("ec2-2", {"example.com/pool": "general"})
    plane.make_node("fargate-1", {"eks.amazonaws.com/compute-type": "fargate"})
    plane.make_node("hybrid-1", {"eks.amazonaws.com/compute-type": "hybrid"})
    # A new node is tainted until its kubelet says that it is ready.
    plane.must_kubectl("taint", "nodes", "--all", "node.kubernetes.io/not-ready:NoSchedule-")
    for file, application, nodes in (
        (folder / "manifest.yaml", "eks-pod-identity-agent", {"ec2-1", "ec2-2"}),
        (folder / "rendered/everything.yaml", "my-agent", {"ec2-2"}),
    ):
        with report.showing(f"{file.name}, applied, has pods for {', '.join(sorted(nodes))} and no other node"):
            plane.must_kubectl("apply", "--server-side", "-f", file)
            until(lambda: _nodes(plane, application) == nodes, f"pods on {nodes}")


def _dry_run(plane, file):
    return plane.kubectl("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", file)


def _nodes(plane, application):
    """The nodes that the DaemonSet controller has made pods for."""
    pods = json.loads(
        plane.must_kubectl(
            "get", "pods", "-n", "kube-system", "-l", f"app.kubernetes.io/name={application}", "-o", "json"
        )
    )["items"]
    terms = [
        pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        for pod in pods
    ]
    return {name for term in terms for name in term[0]["matchFields"][0]["values"]}

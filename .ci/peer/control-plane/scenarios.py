"""Runs the node agent against a real control plane, and exits with 1 if a promise was broken."""

import contextlib
import os
import pathlib
import signal
import sys
import time
import traceback

from agent import Agent
from control_plane import ApiServer, ControlPlane
from faults import run_faults
from manifests import check_manifests
from processes import until
from relay import Relay
from workload import Workload


class Report:
    """Prints what was shown, and goes on after what was not."""

    def __init__(self):
        self.failures = 0
        self._began = time.monotonic()

    @contextlib.contextmanager
    def showing(self, promise):
        try:
            yield
        except Exception:  # Reported: the other promises are still of interest.
            self.failures += 1
            traceback.print_exc(file=sys.stdout)
            self.say("BROKEN", promise)
        else:
            self.say("kept", promise)

    def say(self, outcome, what):
        print(f"{time.monotonic() - self._began:5.0f} s  {outcome:6}  {what}", flush=True)


def main(binary):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    plane = ControlPlane(binary, pathlib.Path(os.environ["PEER_WORK"]) / "plane")
    # It signs with another key after a restart; the first API server never learns that key.
    second = ApiServer(plane, "second-apiserver", "::").start("tokens-rsa")
    report.say("", "the control plane runs")
    check_manifests(report, plane, pathlib.Path(os.environ["PEER_REPO"]))

    plane.make_namespace("shop")
    plane.make_account("shop", "checkout")
    plane.make_account("kube-system", "bound-account")
    plane.bind("bound-account")
    second.wait_until_ready()
    jar = os.environ["PEER_JAR"]
    agents = Agents(plane, jar, second.port)
    report.say("", "the agents watch their pods")

    pods_are_known(report, agents)
    away_for_12_seconds(report, plane, agents, second)
    run_faults(report, plane, jar, agents, second)
    report.say("", f"{report.failures} promises were broken" if report.failures else "every promise was kept")
    return 1 if report.failures else 0


class Agents:
    """The agents, and what stands between them and their API server."""

    def __init__(self, plane, jar, second_port):
        self.to_token = Relay(plane.api.port)
        self.to_forbidden = Relay(plane.api.port)
        self.to_silent = Relay(plane.api.port)
        self.away = Workload(plane, Agent(plane, "away"), 4)
        self.ipv6 = Workload(plane, Agent(plane, "ipv6", address="::1"), 4)
        self.token = Workload(plane, Agent(plane, "token"), 3)
        self.forbidden = Workload(plane, Agent(plane, "forbidden", account="bound-account"), 3)
        self.silent = Workload(plane, Agent(plane, "silent"), 3)
        self.many = Workload(plane, Agent(plane, "many"), 230)
        # These two start in the middle of a fault.
        self.away_from_the_start = Workload(plane, Agent(plane, "away-from-the-start"), 3)
        self.token_from_the_start = Workload(plane, Agent(plane, "token-from-the-start"), 3)
        self.away.agent.start(jar, second_port)
        self.ipv6.agent.start(jar, second_port, "::1")
        self.token.agent.start(jar, self.to_token.port)
        self.forbidden.agent.start(jar, self.to_forbidden.port)
        self.silent.agent.start(jar, self.to_silent.port)
        self.many.agent.start(jar, plane.api.port)
        for each in (self.away, self.ipv6, self.token, self.forbidden, self.silent, self.many):
            until(each.agent.is_watching, f"{each.agent.name} watches its pods", 300)


def pods_are_known(report, agents):
    for name in ("away", "ipv6"):
        work = getattr(agents, name)
        with report.showing(f"{name}: a pod's rotated token is verified, RS256"):
            work.until_answered()
            work.rotate("RS256")
        with report.showing(f"{name}: a deleted pod's credentials are not renewed, its successor's are"):
            deleted = work.delete(1)
            work.start(next(iter(deleted.tokens)).name)
            work.until_gone(deleted)
            work.until_renewed()
    with report.showing("230 pods of a node, listed in pages, are known without asking for each"):
        many = agents.many
        many.until_answered()
        many.until_renewed()
        asked = many.requests()
        pages = [each for each in asked if "limit=100" in each["requestURI"]]
        assert len(pages) == 3, f"{len(pages)} pages"
        assert not [each for each in asked if "name" in each.get("objectRef", {})], "pods were asked for by name"
    with report.showing("115 of 230 pods that are deleted at once: theirs go, the others' stay"):
        many.until_gone(many.delete(115))
        many.until_renewed()
        assert len(many.agent.pods_with_credentials()) == 115


def away_for_12_seconds(report, plane, agents, second):
    works = (agents.away, agents.ipv6)
    with report.showing("pods are answered while the API server is away for 12 s"):
        before = second.ask("GET", "/api/v1/pods")["metadata"]["resourceVersion"]
        second.kill()
        back_at = time.monotonic() + 12
        deleted = [work.delete(1) for work in works]
        plane.compact()
        while time.monotonic() < back_at:
            for work in works:
                work.ask_all()
                work.until_renewed()
        second.start("tokens-ec", "tokens-rsa")
        second.wait_until_ready()
    with report.showing("pods that went meanwhile are noticed, though etcd is compacted: 410 Gone"):
        answer = second.send("GET", f"/api/v1/pods?watch=1&timeoutSeconds=5&resourceVersion={before}")
        assert b'"code":410' in answer[1], answer
        for work, pods in zip(works, deleted):
            work.until_gone(pods)
            work.until_renewed()
    for work in works:
        with report.showing(f"{work.agent.name}: a token signed by the API server's new key is verified, ES256"):
            work.rotate("ES256", signed_by=second)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

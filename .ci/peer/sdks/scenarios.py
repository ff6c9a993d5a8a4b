"""Runs every scenario of expected.md with every SDK, and holds what happens against that table.

Each SDK has a node of its own: a network namespace with the agent's two addresses, the agent's jar,
and AWS (aws.py). Each scenario has a pod of its own there. A program of an SDK (PEER_CACHE/NAME/call)
asks STS who it is, once for each line that it is sent, and prints the answer.
"""

import base64
import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aws import ACCOUNT, SECRET_MARK

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ["PEER_CACHE"])
WORK = Path(os.environ["PEER_WORK"])
JAR = os.environ["PEER_JAR"]

EKS_AUTH_PORT = 8001
STS_PORT = 8002
IPV4 = "http://169.254.170.23/v1/credentials"
IPV6 = "http://[fd00:ec2::23]/v1/credentials"
PATIENCE = 60

# What runs at the same time on two cores without one disturbing another's timing.
busy = threading.BoundedSemaphore(int(os.environ.get("PEER_SDKS_AT_ONCE", "4")))


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Pod:
    """A pod of one scenario: its token in a file, as the kubelet writes it."""

    def __init__(self, scenario, sdk, folder, expires_in=24 * 3600, end=""):
        now = int(time.time())
        self.name = f"{scenario}-1"
        self.arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{scenario}-{sdk}/eks-peer-{self.name}"
        claims = {
            "iss": "https://oidc.eks.eu-west-1.amazonaws.com/id/PEER",
            "sub": f"system:serviceaccount:{scenario}:{sdk}",
            "aud": ["pods.eks.amazonaws.com"],
            "iat": now - 2 * 24 * 3600,
            "nbf": now - 2 * 24 * 3600,
            "exp": now + expires_in,
            "kubernetes.io": {
                "namespace": scenario,
                "serviceaccount": {"name": sdk, "uid": f"sa-{scenario}-{sdk}"},
                "pod": {"name": self.name, "uid": f"pod-{scenario}-{sdk}"},
            },
        }
        header = {"alg": "RS256", "kid": "peer", "typ": "JWT"}
        self.signature = b64(secrets.token_bytes(256))
        parts = [b64(json.dumps(part).encode()) for part in (header, claims)]
        self.token_file = folder / f"{scenario}.token"
        self.token_file.write_text(".".join([*parts, self.signature]) + end, encoding="ascii")


class Node:
    """A network namespace with an agent and AWS, for one SDK."""

    def __init__(self, sdk):
        self.sdk = sdk
        self.folder = WORK / sdk
        self.folder.mkdir()
        (self.folder / "home").mkdir()
        self.calls_file = self.folder / "calls"
        self.log_file = self.folder / "agent.log"
        self.pods = []
        self.processes = contextlib.ExitStack()
        self.agent = None

    def __enter__(self):
        namespace = self.start(
            ["unshare", "--net", "sh", "-ec",
             "ip link set lo up; ip addr add 169.254.170.23/32 dev lo;"
             "ip -6 addr add fd00:ec2::23/128 dev lo nodad; echo there; exec sleep infinity"],
            stdout=subprocess.PIPE)
        read_line(namespace.stdout, "there")
        self.enter = ["nsenter", f"--net=/proc/{namespace.pid}/ns/net", "--"]
        self.aws = self.start(
            [*self.enter, sys.executable, HERE / "aws.py", str(EKS_AUTH_PORT), str(STS_PORT), self.calls_file],
            stdout=subprocess.PIPE)
        read_line(self.aws.stdout, "there")
        self.start_agent("first")
        return self

    def start(self, command, **options):
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, text=True, **options)
        self.processes.callback(end, process)
        return process

    def start_agent(self, which):
        with busy, self.log_file.open("a", encoding="utf-8") as log:
            self.agent = self.start(
                [*self.enter, "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-jar", JAR,
                 "server", "-c", "peer", "--endpoint", f"http://127.0.0.1:{EKS_AUTH_PORT}"],
                stdout=log, stderr=log,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"),
                     "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIAPEERNODE00000000",
                     "AWS_SECRET_ACCESS_KEY": SECRET_MARK + "Node"})
            # The scenarios begin with an agent that is warm.
            pod = self.pod(f"{which}-start")
            served = subprocess.run(
                [*self.enter, sys.executable, HERE / "until_served.py", IPV4, pod.token_file],
                stderr=subprocess.PIPE, text=True, check=False)
            if served.returncode != 0:
                lines = self.log_file.read_text(encoding="utf-8").splitlines()[-3:]
                raise RuntimeError(
                    f"{served.stderr.strip()}; the agent's exit code is {self.agent.poll()}, "
                    f"and its log ends with {lines}")

    def restart_agent(self):
        end(self.agent)
        self.start_agent("second")

    def eks_auth(self, state):
        self.aws.send_signal({"away": signal.SIGUSR1, "there": signal.SIGUSR2}[state])
        read_line(self.aws.stdout, state)

    def pod(self, scenario, **token):
        pod = Pod(scenario, self.sdk, self.folder, **token)
        self.pods.append(pod)
        return pod

    def calls(self, pod):
        """How often EKS Auth was called for a pod."""
        return self.calls_file.read_text(encoding="utf-8").split().count(pod.name)

    def requests(self, pod):
        """How often the agent answered a pod, as its audit lines tell."""
        lines = [json.loads(line) for line in self.log_file.read_text(encoding="utf-8").splitlines()
                 if line.startswith("{")]
        return sum(pod.name in (line.get("pod"), line.get("claimed_pod")) for line in lines)

    def __exit__(self, *_):
        self.processes.close()


def end(process):
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def read_line(stream, expected):
    line = stream.readline().strip()
    if line != expected:
        raise RuntimeError(f"'{expected}' was to be printed, and not '{line}'")


class Program:
    """An SDK's program in a pod."""

    def __init__(self, node, pod, uri=IPV4, **variables):
        self.pod = pod
        self.errors_file = node.folder / f"{pod.name}.{secrets.token_hex(4)}.err"
        self.answers = []
        self.took = 0.0
        with busy, self.errors_file.open("w", encoding="utf-8") as err:
            self.process = subprocess.Popen(
                [*node.enter, str(CACHE / node.sdk / "call")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True,
                env={"PATH": os.environ["PATH"], "HOME": str(node.folder / "home"), "LANG": "C.UTF-8",
                     "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
                     "AWS_ENDPOINT_URL_STS": f"http://127.0.0.1:{STS_PORT}",
                     "AWS_CONTAINER_CREDENTIALS_FULL_URI": uri,
                     "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(pod.token_file), **variables})
            node.processes.callback(end, self.process)
            read_line(self.process.stdout, "ready")

    def call(self):
        """Has it call STS, and waits for the answer or for the program's end."""
        with busy:
            began = time.monotonic()
            stuck = threading.Timer(PATIENCE, self.process.kill)
            stuck.start()
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write("\n")
                self.process.stdin.flush()
            self.answers.append(self.process.stdout.readline().strip())
            if not self.answers[-1]:
                self.process.wait()
            stuck.cancel()
            self.took = time.monotonic() - began
            if self.process.returncode == -signal.SIGKILL:
                raise RuntimeError(f"it was killed after {PATIENCE} s")
        return self

    def finish(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(PATIENCE)
        return self

    def succeeded(self):
        return all(answer == self.pod.arn for answer in self.answers)

    def read(self):
        """What the user reads."""
        return self.errors_file.read_text(encoding="utf-8")


def ask(node, scenario, uri=IPV4, variables=None, **token):
    return Program(node, node.pod(scenario, **token), uri, **(variables or {})).call().finish()


def ask_twice_and_after_a_renewal(node, scenario):
    """Credentials of 90 s are renewed after 45 s: the third call gets those of the renewal."""
    program = Program(node, node.pod(scenario)).call().call()
    if program.succeeded():
        time.sleep(50)
        program.call()
    return program.finish()


def ask_before_and_after_a_restart(node, scenario):
    """The credentials live for 90 s, so that the SDK asks the agent for each call."""
    program = Program(node, node.pod(scenario)).call()
    node.restart_agent()
    return program.call().finish()


# Scenarios that run side by side, in one agent.
STEADY = {
    "happy-path": ask,
    "ipv6-address": lambda node, name: ask(node, name, IPV6),
    "ipv6-address-and-mode": lambda node, name: ask(
        node, name, IPV6, {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}),
    "no-association": ask,
    "denied": ask,
    "slow-1500ms": ask,
    "expired-token": lambda node, name: ask(node, name, expires_in=-3600),
    "expired-at-eks-auth": ask,
    "newline-in-token-file": lambda node, name: ask(node, name, end="\n"),
    "credentials-of-90s": ask_twice_and_after_a_renewal,
}


def observe(node, expected, watch):
    """Runs the scenarios of one SDK; watch is told the name and the program of each that is over."""

    def run(name, scenario):
        try:
            watch(name, node, scenario(node, name))
        except (RuntimeError, OSError, subprocess.SubprocessError) as e:
            watch(name, node, e)

    with ThreadPoolExecutor() as pool:
        for name, scenario in STEADY.items():
            if (name, node.sdk) in expected:
                pool.submit(run, name, scenario)
    # By itself: an agent that is throttled may slow others down.
    run("throttled-3s", ask)

    cached = ask(node, "away-and-cached").pod
    node.eks_auth("away")
    with ThreadPoolExecutor() as pool:
        pool.submit(run, "away-and-cached", lambda node, _: Program(node, cached).call().finish())
        pool.submit(run, "away-and-not-cached", ask)
    node.eks_auth("there")
    run("agent-restarted", ask_before_and_after_a_restart)


class Expectation:
    """A row of expected.md."""

    def __init__(self, ends, calls, shown, hidden):
        if ends not in ("succeeds", "fails", "either"):
            raise ValueError(f"expected.md: '{ends}' is not succeeds, fails or either")
        self.ends = ends
        bounds = re.fullmatch(r"(\d+)(?: to (\d+))?|", calls)
        if not bounds:
            raise ValueError(f"expected.md: '{calls}' is not a number of calls, nor two with 'to' between")
        self.calls_text = calls
        self.calls = range(int(bounds[1]), int(bounds[2] or bounds[1]) + 1) if calls else None
        self.shown = re.findall("`([^`]+)`", shown)
        self.hidden = re.findall("`([^`]+)`", hidden)

    def broken_by(self, succeeded, calls, text):
        ends = "succeeds" if succeeded else "fails"
        if self.ends not in (ends, "either"):
            yield f"it {ends}, not: {self.ends}"
        if self.calls is not None and calls not in self.calls:
            yield f"calls of EKS Auth: {calls}, not: {self.calls_text}"
        if not succeeded:
            yield from (f"the user does not read '{shown}'" for shown in self.shown if shown not in text)
        yield from (f"the user reads '{hidden}'" for hidden in self.hidden if hidden in text)


def read_expectations():
    expected = {}
    for line in (HERE / "expected.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            scenario = line[3:]
        elif line.startswith("| ") and not line.startswith(("| SDK", "| ---")):
            sdk, *row = (cell.strip() for cell in line.strip("|").split("|"))
            expected[scenario, sdk] = Expectation(*row)
    return expected


class Report:
    """Compares what happened with what was expected, and prints it without a secret."""

    def __init__(self, expected):
        self.expected = expected
        self.lock = threading.Lock()
        self.rows = {}
        self.faults = []

    def add(self, scenario, node, program):
        key = scenario, node.sdk
        if isinstance(program, Exception):
            self.rows[key] = ("", "", "", "", "could not be run")
            self.fault(*key, self.redacted(node, f"it could not be run: {program}"))
            return
        text = program.read()
        if self.redacted(node, text) != text:
            self.fault(*key, "there is a secret in what the user reads")
        calls = node.calls(program.pod)
        for fault in self.expected[key].broken_by(program.succeeded(), calls, text):
            self.fault(*key, f"{fault}; all of it: {self.redacted(node, text)}")
        with self.lock:
            self.rows[key] = (
                "succeeds" if program.succeeded() else "fails", f"{program.took:.1f} s",
                f"{node.requests(program.pod)}", f"{calls}", "" if program.succeeded() else self.excerpt(node, key, text))

    def fault(self, scenario, sdk, what):
        with self.lock:
            self.faults.append(f"{scenario}, {sdk}: {what}")

    def check_secrets(self, node):
        """The agent's log holds none."""
        log = node.log_file.read_text(encoding="utf-8")
        if self.redacted(node, log) != log:
            self.fault("agent's log", node.sdk, "there is a secret in it")

    def redacted(self, node, text):
        text = re.sub(SECRET_MARK + r"[\w-]*", "[secret]", text)
        for pod in node.pods:
            text = text.replace(pod.signature, "[signature]")
        return text

    def excerpt(self, node, key, text):
        """What the user reads, from the first text on that is expected."""
        text = " ".join(self.redacted(node, text).split())
        shown = self.expected[key].shown
        return text[max(0, text.find(shown[0]) if shown else 0):][:160]

    def print(self):
        for scenario in dict.fromkeys(scenario for scenario, _ in self.expected):
            print(f"-- {scenario}")
            for (name, sdk), row in sorted(self.rows.items()):
                if name == scenario:
                    ends, took, requests, calls, text = row
                    print(f"   {sdk:15} {ends:8} {took:>7}  {requests:>2} requests  {calls:>2} calls  {text}")
        for fault in self.faults:
            print(f"FAULT: {fault}")


def main():
    expected = read_expectations()
    sdks = list(dict.fromkeys(sdk for _, sdk in expected))
    chosen = sys.argv[1:] or sdks
    print("sdks:", ", ".join(f"{sdk} {(CACHE / sdk / 'version').read_text().strip()}" for sdk in chosen))
    report = Report(expected)

    def run(sdk):
        with Node(sdk) as node:
            observe(node, expected, report.add)
            report.check_secrets(node)

    with ThreadPoolExecutor() as pool:
        for run_of_sdk in [pool.submit(run, sdk) for sdk in chosen]:
            run_of_sdk.result()
    for missing in sorted({key for key in expected if key[1] in chosen} - set(report.rows)):
        report.fault(*missing, "it did not run")
    report.print()
    sys.exit(1 if report.faults else 0)


if __name__ == "__main__":
    main()

"""Faults that last 60 seconds, all at once: what pods notice, what the log says, and what comes back."""

import time

from processes import until

SECONDS = 60
MOST_LINES = 3


class Fault:
    """Something that goes wrong between an agent and its API server."""

    def __init__(self, name, work, cause, begin, end):
        self.name = name
        self.work = work
        self.begin = begin
        self.end = end
        self._cause = cause
        self._logged_before = 0

    def mark(self):
        self._logged_before = len(self.work.agent.log())

    def check_log(self):
        lines = self.work.agent.log()[self._logged_before :]
        text = "\n".join(map(str, lines))
        assert len(lines) <= MOST_LINES, f"{len(lines)} lines:\n{text[:8000]}"
        assert self._cause in text, f"{self._cause} is not in the log:\n{text}"
        return lines


def _faults(plane, jar, agents, second):
    return [
        Fault(
            "the API server is away",
            agents.away,
            "There is no connection",
            second.kill,
            lambda: (second.start("tokens-ec", "tokens-rsa"), second.wait_until_ready()),
        ),
        Fault(
            "the API server is away when the agent starts",
            agents.away_from_the_start,
            "There is no connection",
            lambda: agents.away_from_the_start.agent.start(jar, second.port),
            lambda: None,  # It is back by now.
        ),
        Fault(
            "the right to list pods is taken away",
            agents.forbidden,
            "403",
            lambda: _forbid(plane, agents),
            lambda: plane.bind("bound-account"),
        ),
        Fault(
            "the agent's own token is invalid: its pod was deleted",
            agents.token,
            "401",
            lambda: _invalidate(plane, agents),
            agents.token.agent.be_given_a_pod,
        ),
        Fault(
            "the agent's own token is invalid when the agent starts",
            agents.token_from_the_start,
            "401",
            lambda: _start_with_an_invalid_token(plane, jar, agents),
            agents.token_from_the_start.agent.be_given_a_pod,
        ),
        Fault(
            "the API server accepts connections and is silent",
            agents.silent,
            "does not answer in time",
            lambda: (agents.to_silent.silence(), agents.to_silent.cut()),
            agents.to_silent.restore,
        ),
    ]


def run_faults(report, plane, jar, agents, second):
    faults = _faults(plane, jar, agents, second)
    unknown_key = UnknownKey(plane, agents.many, second)
    for fault in faults:
        fault.mark()
        fault.begin()
    unknown_key.mark()
    for fault in faults:
        until(fault.work.agent.is_listening, f"{fault.work.agent.name} listens", 300)
    deleted = {fault: fault.work.delete(1) for fault in faults}
    for fault in faults:
        fault.work.start(f"{fault.work.agent.name}-late")  # No watch shows it.
        fault.work.until_answered()
    with report.showing(f"pods are answered, and renewed, through {SECONDS} s of each fault"):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            unknown_key.ask()
            for fault in faults:
                fault.work.ask_all()
                deleted[fault].ask_all()
            time.sleep(0.5)
        for fault in faults:
            fault.work.until_renewed()
    for fault in faults:
        with report.showing(f"at most {MOST_LINES} lines in {SECONDS} s: {fault.name}"):
            lines = fault.check_log()
            report.say("", f"{len(lines)} lines: {[line.get('cause', line['message']) for line in lines]}")
    unknown_key.check(report)
    for fault in faults:
        fault.end()
    for fault in faults:
        with report.showing(f"a pod that went meanwhile is noticed after it is over: {fault.name}"):
            fault.work.until_gone(deleted[fault])
            fault.work.until_renewed()
            fault.work.until_gone(fault.work.delete(1))


def _forbid(plane, agents):
    plane.unbind("bound-account")
    _until_answered(plane, agents.forbidden.agent, 403)
    agents.to_forbidden.cut()


def _invalidate(plane, agents):
    plane.delete_pod(agents.token.agent.pod)
    # An API server remembers for some seconds that a token was valid.
    _until_answered(plane, agents.token.agent, 401)
    agents.to_token.cut()


def _start_with_an_invalid_token(plane, jar, agents):
    agent = agents.token_from_the_start.agent
    plane.delete_pod(agent.pod)
    _until_answered(plane, agent, 401)
    agent.start(jar, plane.api.port)


def _until_answered(plane, agent, status):
    until(
        lambda: plane.api.send("GET", "/api/v1/pods?limit=1", token=agent.own_token)[0] == status,
        f"the API server answers {agent.name} with {status}",
    )


class UnknownKey:
    """A pod's token that is signed with a key that the agent's API server does not know."""

    def __init__(self, plane, work, second):
        self._work = work
        pod = next(iter(work.tokens))
        self._token = plane.token(pod, signed_by=second)
        work.agent.eks_auth.refuse_key_of(self._token)

    def mark(self):
        self._logged_before = len(self._work.agent.log())
        self._rotated_before = self._work.agent.metric("pod_identity_tokens_rotated_total")
        self._fetches_before = self._fetches()

    def _fetches(self):
        return len([each for each in self._work.requests() if each["requestURI"] == "/openid/v1/jwks"])

    def ask(self):
        self._work.ask_all()
        status, body = self._work.agent.ask(self._token)
        assert status == 400, f"{status} {body}"

    def check(self, report):
        name = "a pod's tokens have an unknown kid"
        with report.showing(f"at most {MOST_LINES} lines and 5 fetches of keys in {SECONDS} s: {name}"):
            lines = self._work.agent.log()[self._logged_before :]
            fetches = self._fetches() - self._fetches_before
            assert len(lines) <= MOST_LINES, lines
            assert 1 <= fetches <= 5, f"{fetches} fetches"
            assert self._work.agent.metric("pod_identity_tokens_rotated_total") == self._rotated_before
            report.say("", f"{len(lines)} lines, {fetches} fetches")

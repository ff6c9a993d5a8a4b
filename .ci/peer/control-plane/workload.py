"""The pods of an agent's node, with their tokens, and what becomes of their credentials."""

from eks_auth import part
from processes import until

GONE = 'pod_identity_cache_dropped_total{reason="pod_gone"}'
REFUSED = 'pod_identity_cache_dropped_total{reason="refused"}'


class Workload:
    def __init__(self, plane, agent, count):
        self.agent = agent
        self._plane = plane
        self.tokens = {}  # by pod
        for number in range(count):
            self.start(f"{agent.name}-{number}")

    def start(self, name):
        pod = self._plane.start_pod(self.agent.node, name)
        self.tokens[pod] = self._plane.token(pod)

    def delete(self, count):
        """Deletes pods that have credentials; gives them and their tokens back."""
        self.until_answered()
        deleted = dict(list(self.tokens.items())[:count])
        for pod in deleted:
            del self.tokens[pod]
            self._plane.delete_pod(pod)
        return Deleted(self.agent, deleted)

    def ask_all(self):
        for token in self.tokens.values():
            self.agent.must_answer(token)

    def until_answered(self):
        """Waits until each pod has credentials; a JVM that has just started may answer "pending"."""
        for token in self.tokens.values():
            until(lambda: self.agent.ask(token)[0] == 200, f"{self.agent.name} answers its pods")

    def rotate(self, algorithm, signed_by=None):
        """Gives a pod another token, which the agent has to verify for itself."""
        pod = next(iter(self.tokens))
        token = self._plane.token(pod, signed_by=signed_by)
        assert part(token, 0)["alg"] == algorithm, part(token, 0)
        before = self.agent.metric("pod_identity_tokens_rotated_total")
        self.agent.must_answer(token)
        until(
            lambda: self.agent.metric("pod_identity_tokens_rotated_total") == before + 1,
            f"{self.agent.name} verifies a token of {algorithm}",
        )
        self.tokens[pod] = token

    def until_gone(self, deleted):
        """Waits until the agent has let go of these pods' credentials for that reason."""

        def is_gone():
            held = self.agent.pods_with_credentials()
            for pod, token in deleted.tokens.items():
                if pod.uid in held:
                    self.agent.ask(token)  # Only what is asked for is renewed.
            return not any(pod.uid in held for pod in deleted.tokens)

        until(is_gone, f"{self.agent.name} lets go of {len(deleted.tokens)} pods' credentials")
        assert self.agent.metric(GONE) >= len(deleted.tokens), "they went for another reason"
        assert self.agent.metric(REFUSED) == 0, "EKS Auth was asked for pods that are gone"

    def until_renewed(self):
        """Waits until EKS Auth has been asked once more for each pod that is there."""
        before = self.agent.eks_auth.calls.copy()

        def is_renewed():
            self.ask_all()
            return all(self.agent.eks_auth.calls[pod.uid] > before[pod.uid] for pod in self.tokens)

        until(is_renewed, f"{self.agent.name} renews the credentials of {len(self.tokens)} pods")

    def requests(self):
        """What the agent has asked its API server, as the audit log has it."""
        return self._plane.api.asked_by(self.agent.pod)


class Deleted:
    """Pods that are deleted, with the tokens that they had."""

    def __init__(self, agent, tokens):
        self._agent = agent
        self.tokens = tokens

    def ask_all(self):
        for token in self.tokens.values():
            self._agent.must_answer(token)

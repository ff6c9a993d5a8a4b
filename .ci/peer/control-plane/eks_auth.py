"""What stands in for EKS Auth: it answers for real projected tokens, and counts who asks."""

import base64
import collections
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def part(token, index):
    """The header (0) or the claims (1) of a token."""
    text = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


class EksAuth:
    """Gives credentials for any token unless it is told to refuse the key that signed it."""

    def __init__(self):
        self.calls = collections.Counter()  # by the pod's UID
        self._refused_keys = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.handle_error = lambda *_: None  # An agent that no longer waits for the answer.
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def refuse_key_of(self, token):
        self._refused_keys.add(part(token, 0)["kid"])

    def _handler(self):
        eks_auth = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                token = json.loads(self.rfile.read(length))["token"]
                error, answer = eks_auth._answer(token)
                body = json.dumps(answer).encode()
                self.send_response(400 if error else 200)
                if error:
                    self.send_header("x-amzn-errortype", error)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def _answer(self, token):
        claims = part(token, 1)["kubernetes.io"]
        self.calls[claims["pod"]["uid"]] += 1
        if part(token, 0)["kid"] in self._refused_keys:
            return "InvalidTokenException", {"message": "The token's signature is not the cluster's"}
        session = claims["pod"]["uid"]
        return None, {
            "subject": {
                "namespace": claims["namespace"],
                "serviceAccount": claims["serviceaccount"]["name"],
            },
            "audience": "pods.eks.amazonaws.com",
            "podIdentityAssociation": {
                "associationArn": "arn:aws:eks:us-west-2:111122223333:podidentityassociation/my-cluster/a-0001",
                "associationId": "a-0001",
            },
            "assumedRoleUser": {
                "arn": f"arn:aws:sts::111122223333:assumed-role/my-role/{session}",
                "assumeRoleId": f"AROA0EXAMPLE:{session}",
            },
            "credentials": {
                "accessKeyId": "ASIA0EXAMPLE00000000",
                "secretAccessKey": "an-example",
                "sessionToken": "an-example",
                "expiration": int(time.time()) + 6 * 3600,
            },
        }

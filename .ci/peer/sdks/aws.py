"""AWS, as far as this peer needs it: an EKS Auth with faults, and an STS that says who calls.

The namespace of a pod's token names the fault. EKS Auth writes a line with the pod's name into a
file for each call. STS accepts only requests that are signed with credentials from this EKS Auth.
SIGUSR1 closes the port of EKS Auth, SIGUSR2 opens it again.

    aws.py EKS-AUTH-PORT STS-PORT FILE-OF-CALLS
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import signal
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

ACCOUNT = "111122223333"
# Every secret that is given out begins with this, so that it is found wherever it is printed.
SECRET_MARK = "sdksPeerSecret"
DEFAULT_LIFE = 6 * 3600

lock = threading.Lock()
# By access key id: the secret key, the session token, and who was given them.
issued = {}
# When each service account called for the first time.
first_calls = {}
calls_file = None


def claims_of(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["kubernetes.io"]


def refusal(status, code, message):
    return status, {"message": message}, {"x-amzn-ErrorType": code}


def credentials(namespace, service_account, pod, life):
    key_id = "ASIA" + "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))
    secret_key = SECRET_MARK + secrets.token_urlsafe(20)
    session_token = SECRET_MARK + secrets.token_urlsafe(200)
    role = f"{namespace}-{service_account}"
    session = f"eks-peer-{pod}"
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"
    with lock:
        issued[key_id] = (secret_key, session_token, arn)
    association = "a-" + secrets.token_hex(8)
    return (
        200,
        {
            "subject": {"namespace": namespace, "serviceAccount": service_account},
            "audience": "pods.eks.amazonaws.com",
            "podIdentityAssociation": {
                "associationArn": f"arn:aws:eks:eu-west-1:{ACCOUNT}:podidentityassociation/peer/{association}",
                "associationId": association,
            },
            "assumedRoleUser": {"arn": arn, "assumeRoleId": f"AROAPEER:{session}"},
            "credentials": {
                "accessKeyId": key_id,
                "secretAccessKey": secret_key,
                "sessionToken": session_token,
                "expiration": int(time.time()) + life,
            },
        },
        {},
    )


def assume_role_for_pod_identity(token):
    """What EKS Auth answers: status, body, headers."""
    claims = claims_of(token)
    fault = claims["namespace"]
    name = claims["serviceaccount"]["name"]
    with lock:
        since_first = time.monotonic() - first_calls.setdefault((fault, name), time.monotonic())
    if fault == "no-association":
        return refusal(404, "ResourceNotFoundException", "No association found.")
    if fault == "denied":
        return refusal(400, "AccessDeniedException", "The role does not trust pods.eks.amazonaws.com.")
    if fault == "expired-at-eks-auth":
        return refusal(400, "ExpiredTokenException", "The token has expired.")
    if fault == "throttled-3s" and since_first < 3:
        return refusal(429, "ThrottlingException", "Rate exceeded.")
    if fault == "slow-1500ms":
        time.sleep(1.5)
    life = 90 if fault in ("credentials-of-90s", "agent-restarted") else DEFAULT_LIFE
    return credentials(fault, name, claims["pod"]["name"], life)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave together.
    wbufsize = -1

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status, content_type, body, headers):
        try:
            self.send_response(status)
            for name, value in {"Content-Type": content_type, "Content-Length": len(body), **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            # The caller did not wait for it.
            self.close_connection = True


class EksAuth(Handler):
    def do_POST(self):
        token = json.loads(self.body())["token"]
        if not re.fullmatch(r"/clusters/[^/]+/assume-role-for-pod-identity", self.path):
            self.answer(404, "application/json", b"{}", {"x-amzn-ErrorType": "UnknownOperationException"})
            return
        with lock:
            calls_file.write(claims_of(token)["pod"]["name"] + "\n")
            calls_file.flush()
        status, answer, headers = assume_role_for_pod_identity(token)
        headers["x-amzn-RequestId"] = str(uuid.uuid4())
        self.answer(status, "application/json", json.dumps(answer).encode(), headers)


class Sts(Handler):
    def do_POST(self):
        body = self.body()
        try:
            arn = self.caller(body)
        except (KeyError, ValueError) as e:
            self.xml(403, f"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>"
                          f"<Message>{e}</Message></Error></ErrorResponse>")
            return
        self.xml(200, f'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
                      f"<GetCallerIdentityResult><Arn>{arn}</Arn><UserId>AROAPEER:peer</UserId>"
                      f"<Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")

    def xml(self, status, text):
        self.answer(status, "text/xml", text.encode(), {"x-amzn-RequestId": str(uuid.uuid4())})

    def caller(self, body):
        """Who signed this request: Signature Version 4, with the session token among the headers."""
        parts = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), *SignedHeaders=([^,]+), *Signature=(\w+)",
            self.headers.get("Authorization", ""),
        )
        if not parts:
            raise ValueError("no signature of version 4")
        key_id, scope, signed_headers, signature = parts.groups()
        if key_id not in issued:
            raise ValueError("nobody was given this access key id")
        secret_key, session_token, arn = issued[key_id]
        if self.headers.get("X-Amz-Security-Token") != session_token:
            raise ValueError("the session token is another one")
        headers = "".join(
            f"{name}:{' '.join(self.headers.get(name, '').split())}\n" for name in signed_headers.split(";")
        )
        path = quote(self.path, safe="/-_.~")
        canonical = "\n".join(
            ["POST", path, "", headers, signed_headers, hashlib.sha256(body).hexdigest()]
        )
        to_sign = "\n".join(
            ["AWS4-HMAC-SHA256", self.headers["X-Amz-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest()]
        )
        key = ("AWS4" + secret_key).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), signature):
            raise ValueError("the signature does not match")
        return arn


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        # Clients that do not wait end their connection.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(port, handler):
    server = Server(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(eks_auth_port, sts_port, calls_path):
    global calls_file
    calls_file = open(calls_path, "a", encoding="utf-8")
    signals = {signal.SIGUSR1, signal.SIGUSR2}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    serve(int(sts_port), Sts)
    while True:
        eks_auth = serve(int(eks_auth_port), EksAuth)
        print("there", flush=True)
        while signal.sigwait(signals) != signal.SIGUSR1:
            pass
        eks_auth.shutdown()
        eks_auth.server_close()
        print("away", flush=True)
        while signal.sigwait(signals) != signal.SIGUSR2:
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])

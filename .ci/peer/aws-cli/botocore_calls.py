"""Calls a local EKS with botocore, and compares each raw answer with botocore's model."""

import collections
import datetime
import json

import botocore.config
import botocore.session

from shapes import Answer, members_of

# AWS answers these to any operation; no model lists them.
COMMON_ERRORS = {
    "ThrottlingException": 429,
    "MissingAuthenticationTokenException": 403,
    "UnrecognizedClientException": 403,
    "InvalidSignatureException": 403,
    "IncompleteSignatureException": 400,
    "UnknownOperationException": 404,
}

SESSION = botocore.session.get_session()
MODELS = {name: SESSION.get_service_model(name) for name in ("eks", "eks-auth")}


class Calls:
    """Every call that was made, what it showed, and what is wrong with it."""

    def __init__(self):
        self.problems = []
        self.members = collections.defaultdict(set)
        self.errors = collections.defaultdict(set)
        self.common_errors = set()

    def client(self, service, endpoint, **settings):
        """A client that tries once, leaves checks to the server, and whose answers are compared."""
        client = SESSION.create_client(
            service,
            endpoint_url=endpoint,
            config=botocore.config.Config(
                retries={"total_max_attempts": 1},
                parameter_validation=False,
                proxies={},
                read_timeout=120,
            ),
            **settings,
        )
        client.meta.events.register("before-parse.*", self._keep)
        client.meta.events.register("after-call.*", self._compare)
        return client

    def refused(self, code, call, **parameters):
        """Makes a call that is to be refused with this code, and gives the error's members."""
        try:
            call(**parameters)
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]["Code"]
            if found != code:
                self.problem(self._operation, f"answered {found}, and not {code}: {error}")
            return self._body
        self.problem(self._operation, f"did not answer {code} to a request with {list(parameters)}")
        return {}

    def problem(self, operation, text):
        line = f"{operation}: {text}"
        if line not in self.problems:
            self.problems.append(line)

    def _keep(self, operation_model, response_dict, **_):
        self._operation = operation_model.name
        self._raw = response_dict

    def _compare(self, model, parsed, **_):
        raw = self._raw
        self._body = self._json(model, raw)
        if not raw["headers"].get("x-amzn-RequestId"):
            self.problem(model.name, "has no x-amzn-RequestId")
        if raw["status_code"] >= 300:
            self._compare_error(model, raw, parsed)
            return
        if raw["status_code"] != model.http.get("responseCode", 200):
            self.problem(model.name, f"answered {raw['status_code']}")
        answer = Answer(model.output_shape, self._body)
        self._add(model, answer)
        self.members[model.name] |= answer.members
        self._compare_parsed(model, self._body, parsed)

    def _json(self, model, raw):
        if raw["headers"].get("Content-Type") != "application/json":
            self.problem(model.name, f"has the type {raw['headers'].get('Content-Type')}")

        def once(pairs):
            names = [name for name, _ in pairs]
            if len(names) != len(set(names)):
                self.problem(model.name, f"holds a member twice: {names}")
            return dict(pairs)

        return json.loads(raw["body"], object_pairs_hook=once)

    def _compare_error(self, model, raw, parsed):
        code = raw["headers"].get("x-amzn-ErrorType", "")
        if parsed["Error"]["Code"] != code or not parsed["Error"]["Message"]:
            self.problem(model.name, f"botocore read {parsed['Error']} from {code}")
        shape = model.service_model.shape_for_error_code(code)
        modelled = code in _codes(model)
        if shape is None or code in COMMON_ERRORS and not modelled:
            self.common_errors.add(code)
            if raw["status_code"] != COMMON_ERRORS.get(code):
                self.problem(model.name, f"answered {code} with {raw['status_code']}")
            return
        if raw["status_code"] != shape.metadata["error"]["httpStatusCode"]:
            self.problem(model.name, f"answered {code} with {raw['status_code']}")
        # An internal failure may come from any operation.
        if not modelled and raw["status_code"] < 500:
            self.problem(model.name, f"answered {code}, which the model does not give it")
        answer = Answer(shape, self._body)
        if "message" not in answer.members:
            answer.problems.append(f"{code} has no message")
        self._add(model, answer)
        self.errors[model.name].add(code)

    def _add(self, model, answer):
        for problem in answer.problems:
            self.problem(model.name, problem)

    # What botocore's parser makes of the answer is what users see.
    def _compare_parsed(self, model, raw, parsed):
        shown = {name: item for name, item in parsed.items() if name != "ResponseMetadata"}
        for path in _differences(_plain(shown), raw):
            self.problem(model.name, f"botocore reads {path} in another way")

    def unanswered_members(self):
        """The members of the model that no answer held, by operation."""
        return {
            operation: members_of(_model(operation).output_shape) - members
            for operation, members in self.members.items()
        }

    def unanswered_errors(self):
        """The modelled errors that no call was answered with, by operation."""
        return {
            operation: _codes(_model(operation)) - self.errors[operation]
            for operation in self.members
        }


def _model(operation):
    service = "eks-auth" if operation == "AssumeRoleForPodIdentity" else "eks"
    return MODELS[service].operation_model(operation)


def _codes(model):
    return {shape.error_code for shape in model.error_shapes}


def _plain(value):
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return value


def _differences(one, other, path="the answer"):
    """The places at which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from _differences(one.get(name), other.get(name), f"{path}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for mine, theirs in zip(one, other):
            yield from _differences(mine, theirs, path + "[]")
    elif one != other:
        yield path


def offered_operations(local):
    """The operations of the models that a local EKS knows, found by asking for each of them."""
    offered = set()
    for model in MODELS.values():
        for name in model.operation_names:
            http = model.operation_model(name).http
            path = "/".join(
                "none" if part.startswith("{") else part
                for part in http["requestUri"].split("?")[0].split("/")
            )
            body = {} if http["method"] in ("POST", "PUT") else None
            _, headers, _ = local.ask(http["method"], path, body)
            if headers.get("x-amzn-ErrorType") != "UnknownOperationException":
                offered.add(name)
    return offered

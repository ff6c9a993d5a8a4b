"""Every operation of a local EKS by its command of the AWS CLI, with waiters and pages."""

import json
import shlex
import subprocess
import sys

from botocore import xform_name

from botocore_calls import offered_operations
from local_eks import ADDON, CLUSTER, PREFIX, local_eks

OF_CLUSTER = f"--cluster-name {CLUSTER}"
OF_ADDON = f"{OF_CLUSTER} --addon-name {ADDON}"
OF_UPDATES = f"--name {CLUSTER} --addon-name {ADDON}"
FIRST_VERSION, SECOND_VERSION = "v1.0.0-eksbuild.1", "v1.1.0-eksbuild.1"


class Aws:
    """The command aws, and which commands of it were run."""

    def __init__(self, endpoint):
        self._endpoint = endpoint
        self.commands = set()
        self.runs = 0

    def __call__(self, line):
        """Runs a command that is to succeed, and gives what it prints, as JSON."""
        result = self._run(line)
        if result.returncode != 0:
            raise AssertionError(f"{_name(line)} failed: {result.stderr}")
        return json.loads(result.stdout) if result.stdout.strip() else None

    def refuses(self, line, said):
        """Runs a command that is to fail and to say this."""
        result = self._run(line)
        if result.returncode == 0 or said not in result.stderr:
            raise AssertionError(f"{_name(line)} did not say {said}: {result.stderr}")

    def _run(self, line):
        words = shlex.split(line)
        self.commands.add(words[1])
        self.runs += 1
        return subprocess.run(
            ["aws", *words, "--endpoint-url", self._endpoint, "--output", "json"],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


def _name(line):
    # The other words may be a token.
    return " ".join(["aws", *line.split()[:2]])


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"found {found!r}, and not {wanted!r}")


def associations(aws):
    create = (
        f"eks create-pod-identity-association {OF_CLUSTER} --namespace shop"
        f" --role-arn {PREFIX}first --service-account"
    )
    whole = aws(
        f"{create} checkout --tags team=shop,stage=test --disable-session-tags"
        " --target-role-arn arn:aws:iam::444455556666:role/target"
    )["association"]
    for name in ("report-1", "report-2", "report-3"):
        aws(f"{create} {name}")
    one = f"{OF_CLUSTER} --association-id {whole['associationId']}"
    same(aws(f"eks describe-pod-identity-association {one}")["association"], whole)

    pages = f"eks list-pod-identity-associations {OF_CLUSTER} --namespace shop --page-size 2"
    first = aws(f"{pages} --max-items 3")
    rest = aws(f"{pages} --starting-token {first['NextToken']}")
    found = [item["serviceAccount"] for item in first["associations"] + rest["associations"]]
    same((len(first["associations"]), "NextToken" in rest), (3, False))
    same(sorted(found), ["checkout", "report-1", "report-2", "report-3"])

    changed = aws(
        f"eks update-pod-identity-association {one} --role-arn {PREFIX}second"
        " --no-disable-session-tags --target-role-arn ''"
    )["association"]
    same(changed["roleArn"], PREFIX + "second")
    same((changed["disableSessionTags"], "targetRoleArn" in changed), (False, False))

    arn = f"--resource-arn {whole['associationArn']}"
    aws(f"eks tag-resource {arn} --tags 'owner=a b,stage=live'")
    aws(f"eks untag-resource {arn} --tag-keys team none")
    tags = aws(f"eks list-tags-for-resource {arn}")["tags"]
    same(tags, {"owner": "a b", "stage": "live"})
    return one


def credentials(aws, local):
    assume = f"eks-auth assume-role-for-pod-identity {OF_CLUSTER} --token"
    answer = aws(f"{assume} {local.token('checkout', 'checkout-1')}")
    same(answer["subject"], {"namespace": "shop", "serviceAccount": "checkout"})
    aws.refuses(
        f"{assume} {local.token('stranger', 'stranger-1')}",
        "An error occurred (ResourceNotFoundException) when calling the AssumeRoleForPodIdentity",
    )


def versions(aws):
    found = aws(f"eks describe-addon-versions --addon-name {ADDON} --max-items 1")["addons"]
    offered = {version["addonVersion"] for version in found[0]["addonVersions"]}
    same({FIRST_VERSION, SECOND_VERSION} - offered, set())
    found = aws(
        f"eks describe-addon-configuration --addon-name {ADDON} --addon-version {FIRST_VERSION}"
    )
    same(json.loads(found["configurationSchema"])["type"], "object")


def addon(aws):
    created = aws(f"eks create-addon {OF_ADDON} --addon-version {FIRST_VERSION}")["addon"]
    same(created["status"], "CREATING")
    aws(f"eks wait addon-active {OF_ADDON}")
    same(aws(f"eks list-addons {OF_CLUSTER}")["addons"], [ADDON])

    values = json.dumps({"agent": {"additionalArgs": {"-b": "169.254.170.23"}}})
    for change in (
        f"--addon-version {SECOND_VERSION}",
        f"--configuration-values '{values}' --resolve-conflicts PRESERVE",
    ):
        aws(f"eks update-addon {OF_ADDON} {change}")
        aws(f"eks wait addon-active {OF_ADDON}")
    shown = aws(f"eks describe-addon {OF_ADDON}")["addon"]
    same((shown["addonVersion"], shown["configurationValues"]), (SECOND_VERSION, values))

    first = aws(f"eks list-updates {OF_UPDATES} --max-items 1 --page-size 1")
    rest = aws(f"eks list-updates {OF_UPDATES} --starting-token {first['NextToken']}")
    ids = first["updateIds"] + rest["updateIds"]
    same(len(set(ids)), 2)
    for update in ids:
        shown = aws(f"eks describe-update {OF_UPDATES} --update-id {update}")["update"]
        same((shown["status"], shown["type"]), ("Successful", "AddonUpdate"))

    same(aws(f"eks delete-addon {OF_ADDON} --no-preserve")["addon"]["status"], "DELETING")
    aws(f"eks wait addon-deleted {OF_ADDON}")
    aws.refuses(
        f"eks describe-addon {OF_ADDON}",
        "An error occurred (ResourceNotFoundException) when calling the DescribeAddon operation",
    )


def main():
    with local_eks("--nodes", "2", "--no-agents", "--agent-start-time", "500ms") as local:
        aws = Aws(local.endpoint)
        one = associations(aws)
        credentials(aws, local)
        versions(aws)
        addon(aws)
        aws(f"eks delete-pod-identity-association {one}")
        wanted = {xform_name(name, "-") for name in offered_operations(local)}
    same(wanted - aws.commands, set())
    print(f"{len(wanted)} operations by their commands, {aws.runs} runs of aws")


if __name__ == "__main__":
    sys.exit(main())

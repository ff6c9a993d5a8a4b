"""Every operation of a local EKS, every member of its answers, and every error it can answer."""

import datetime
import sys
import time

from botocore_calls import Calls, offered_operations
from local_eks import ADDON, CLUSTER, PREFIX, faulty_eks, local_eks

OF_CLUSTER = {"clusterName": CLUSTER}
OF_ADDON = {"clusterName": CLUSTER, "addonName": ADDON}
FIRST_VERSION, SECOND_VERSION = "v1.0.0-eksbuild.1", "v1.1.0-eksbuild.1"
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
NOWHERE = '{"agent":{"additionalArgs":{"-b":"169.254.170.99"}}}'

# What a local EKS never answers with: a member, or a member of one operation, and an error.
# Anything else that the model has is answered at least once.
NEVER = {
    "addon.marketplaceInformation": "the add-on is not sold",
    "addons[].marketplaceInformation": "the add-on is not sold",
    "addon.publisher": "the catalogue of versions has it",
    "addon.owner": "the catalogue of versions has it",
    "addon.podIdentityAssociations": "the add-on has none",
    "podIdentityConfiguration[]": "the add-on has none",
    "addon.namespaceConfig": "the add-on's namespace is fixed",
    "association.ownerArn": "no service owns an association here",
    "associations[].ownerArn": "no service owns an association here",
    "update.cancellation": "updates of a control plane alone are cancelled by request",
    "workloadIdentityProviderArn": "no cluster has such a provider here",
    "ListAddons nextToken": "there is one add-on",
    "DescribeAddonVersions nextToken": "there is one add-on",
    "ClientException": "the other errors say what is wrong with a request",
    "ListPodIdentityAssociations InvalidRequestException": "there is no body",
    "DescribePodIdentityAssociation InvalidRequestException": "there is no body",
    "DescribePodIdentityAssociation InvalidParameterException": "any id may be asked for",
    "DeletePodIdentityAssociation InvalidRequestException": "there is no body",
    "DeletePodIdentityAssociation InvalidParameterException": "any id may be asked for",
    "ListAddons InvalidRequestException": "there is no body",
    "DescribeAddon InvalidRequestException": "there is no body",
    "DescribeAddon InvalidParameterException": "any name may be asked for",
    "DeleteAddon InvalidParameterException": "any name may be asked for",
    "DescribeAddonVersions ResourceNotFoundException": "an unknown name has no versions",
}


def check(condition, text):
    if not condition:
        CALLS.problem("validate", text)


def names(body, **members):
    """An error names what the request named."""
    for name, value in members.items():
        check(body.get(name) == value, f"{name} is {body.get(name)!r} in {body}, and not {value!r}")


def malformed(eks):
    """Sends half of a body with the next call."""

    def cut(params, **_):
        params["body"] = b'{"half":'
        eks.meta.events.unregister("before-call.*", cut)

    eks.meta.events.register("before-call.*", cut)


def associations(eks):
    account = {**OF_CLUSTER, "namespace": "shop", "roleArn": PREFIX + "first"}
    whole = eks.create_pod_identity_association(
        serviceAccount="checkout",
        tags={"team": "shop", "größe": "a/b c"},
        disableSessionTags=True,
        targetRoleArn="arn:aws:iam::444455556666:role/target",
        policy=POLICY,
        **account,
    )["association"]
    one = {**OF_CLUSTER, "associationId": whole["associationId"]}
    age = datetime.datetime.now(datetime.timezone.utc) - whole["createdAt"]
    check(abs(age.total_seconds()) < 60, f"createdAt is {age} ago")
    for i in range(4):
        eks.create_pod_identity_association(serviceAccount=f"report-{i}", **account)

    check(eks.describe_pod_identity_association(**one)["association"] == whole, "describe differs")
    pages = eks.get_paginator("list_pod_identity_associations")
    pages = list(pages.paginate(PaginationConfig={"PageSize": 2}, **OF_CLUSTER))
    # The one of "default" is there from the start.
    check([len(page["associations"]) for page in pages] == [2, 2, 2], "pages of two associations")
    for filters, count in [
        ({"namespace": "shop"}, 5),
        ({"namespace": "shop", "serviceAccount": "report-2"}, 1),
        ({"namespace": "none"}, 0),
    ]:
        found = eks.list_pod_identity_associations(**OF_CLUSTER, **filters)["associations"]
        check(len(found) == count, f"{filters} finds {len(found)} associations")
    moved = eks.update_pod_identity_association(roleArn=PREFIX + "other", **one)["association"]
    check(
        {**moved, "roleArn": 0, "modifiedAt": 0} == {**whole, "roleArn": 0, "modifiedAt": 0},
        "an update of the role changes something else",
    )
    updated = eks.update_pod_identity_association(
        roleArn=PREFIX + "second", targetRoleArn="", policy="", disableSessionTags=False, **one
    )["association"]
    check("targetRoleArn" not in updated and "policy" not in updated, "empty text takes it away")
    eks.update_pod_identity_association(
        targetRoleArn=whole["targetRoleArn"], policy=POLICY, disableSessionTags=True, **one
    )

    no_cluster = {**account, "clusterName": "other"}
    refused = CALLS.refused
    names(
        refused(
            "ResourceInUseException",
            eks.create_pod_identity_association,
            serviceAccount="checkout",
            **account,
        ),
        **OF_CLUSTER,
    )
    names(
        refused(
            "InvalidParameterException",
            eks.create_pod_identity_association,
            serviceAccount="No_Name",
            **account,
        ),
        **OF_CLUSTER,
    )
    refused(
        "ResourceNotFoundException",
        eks.create_pod_identity_association,
        serviceAccount="checkout",
        **no_cluster,
    )
    malformed(eks)
    names(
        refused(
            "InvalidRequestException",
            eks.create_pod_identity_association,
            serviceAccount="checkout",
            **account,
        ),
        **OF_CLUSTER,
    )
    listing = eks.list_pod_identity_associations
    names(refused("InvalidParameterException", listing, maxResults=101, **OF_CLUSTER), **OF_CLUSTER)
    refused("InvalidParameterException", listing, nextToken="forged", **OF_CLUSTER)
    refused("ResourceNotFoundException", listing, clusterName="other")
    update = eks.update_pod_identity_association
    names(refused("InvalidRequestException", update, **one), **OF_CLUSTER)
    names(refused("InvalidParameterException", update, roleArn="role", **one), **OF_CLUSTER)
    gone = {**OF_CLUSTER, "associationId": "a-abcdefghijklmnop1"}
    for call in (
        eks.describe_pod_identity_association,
        eks.update_pod_identity_association,
        eks.delete_pod_identity_association,
    ):
        names(refused("ResourceNotFoundException", call, **gone), **OF_CLUSTER)
    return whole


def tags(eks, arn):
    eks.tag_resource(resourceArn=arn, tags={"stage": "test", "a b": "x+y/z"})
    eks.untag_resource(resourceArn=arn, tagKeys=["a b", "none"])
    found = eks.list_tags_for_resource(resourceArn=arn)["tags"]
    check(found.get("stage") == "test" and "a b" not in found, f"tags are {found}")

    refused = CALLS.refused
    refused("BadRequestException", eks.tag_resource, resourceArn=arn, tags={"aws:x": "y"})
    refused("BadRequestException", eks.untag_resource, resourceArn=arn, tagKeys=[])
    refused("BadRequestException", eks.list_tags_for_resource, resourceArn="none")
    gone = arn.replace("my-cluster", "other")
    refused("NotFoundException", eks.tag_resource, resourceArn=gone, tags={"a": "b"})
    refused("NotFoundException", eks.untag_resource, resourceArn=gone, tagKeys=["a"])
    refused("NotFoundException", eks.list_tags_for_resource, resourceArn=gone)


def versions(eks):
    found = eks.describe_addon_versions(
        addonName=ADDON, kubernetesVersion="1.30", maxResults=1, owners=["aws", "someone"]
    )["addons"]
    check(len(found) == 1 and found[0]["addonVersions"], "versions for 1.30")
    check(not eks.describe_addon_versions(types=["none"])["addons"], "versions of no type")
    eks.describe_addon_configuration(addonName=ADDON, addonVersion=FIRST_VERSION)

    refused = CALLS.refused
    refused("InvalidParameterException", eks.describe_addon_versions, maxResults=101)
    describe = eks.describe_addon_configuration
    refused("InvalidParameterException", describe, addonName=ADDON, addonVersion="1")
    refused(
        "ResourceNotFoundException", describe, addonName=ADDON, addonVersion="v99.0.0-eksbuild.1"
    )
    refused("ResourceNotFoundException", describe, addonName="none", addonVersion=FIRST_VERSION)


def wait(eks, waiter):
    eks.get_waiter(waiter).wait(WaiterConfig={"Delay": 1, "MaxAttempts": 300}, **OF_ADDON)


def until(ask, is_wanted):
    """Asks until the answer is the wanted one, for five minutes at most."""
    deadline = time.monotonic() + 300
    while not is_wanted(answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after five minutes the answer is still {answer}")
        time.sleep(0.1)
    return answer


def update_to_its_end(eks, **change):
    """Updates the add-on, and gives the update as it ended."""
    update = eks.update_addon(**OF_ADDON, **change)["update"]
    of_update = {"name": CLUSTER, "addonName": ADDON, "updateId": update["id"]}
    return until(
        lambda: eks.describe_update(**of_update)["update"],
        lambda shown: shown["status"] != "InProgress",
    )


def addon(eks):
    refused = CALLS.refused
    check(eks.list_addons(**OF_CLUSTER)["addons"] == [], "there is an add-on")
    create = eks.create_addon
    for wrong in ({"addonVersion": "v99.0.0-eksbuild.1"}, {"resolveConflicts": "MAYBE"}):
        names(refused("InvalidParameterException", create, **OF_ADDON, **wrong), **OF_ADDON)
    malformed(eks)
    names(refused("InvalidRequestException", create, **OF_ADDON), **OF_ADDON)
    refused("ResourceNotFoundException", create, clusterName="other", addonName=ADDON)

    created = create(
        addonVersion=FIRST_VERSION,
        serviceAccountRoleArn=PREFIX + "unused",
        configurationValues="{}",
        tags={"team": "shop"},
        **OF_ADDON,
    )["addon"]
    check(created["status"] == "CREATING", f"the add-on is {created['status']} at once")
    wait(eks, "addon_active")
    active = eks.describe_addon(**OF_ADDON)["addon"]
    check(active["health"]["issues"], "a role that is not used is no issue")
    check(eks.list_addons(**OF_CLUSTER)["addons"] == [ADDON], "the add-on is not listed")
    tags(eks, created["addonArn"])

    updates(eks)

    deleting = eks.delete_addon(**OF_ADDON)["addon"]
    check(deleting["status"] == "DELETING", f"the add-on is {deleting['status']}")
    wait(eks, "addon_deleted")


def updates(eks):
    refused = CALLS.refused
    done = update_to_its_end(eks, addonVersion=SECOND_VERSION)
    check(done["status"] == "Successful", f"an update ended as {done}")
    failed = update_to_its_end(eks, configurationValues=NOWHERE, resolveConflicts="OVERWRITE")
    check(failed["status"] == "Failed" and failed["errors"], f"an update ended as {failed}")
    until(
        lambda: eks.describe_addon(**OF_ADDON)["addon"]["status"],
        lambda status: status == "UPDATE_FAILED",
    )
    pages = eks.get_paginator("list_updates")
    pages = list(pages.paginate(name=CLUSTER, addonName=ADDON, PaginationConfig={"PageSize": 1}))
    check([len(page["updateIds"]) for page in pages] == [1, 1], "pages of one update")

    update = eks.update_addon
    for wrong in ({"addonVersion": "1.0"}, {"configurationValues": '{"agent":{"x":1}}'}):
        names(refused("InvalidParameterException", update, **OF_ADDON, **wrong), **OF_ADDON)
    malformed(eks)
    names(refused("InvalidRequestException", update, **OF_ADDON), **OF_ADDON)
    gone = {**OF_CLUSTER, "addonName": "none"}
    for call in (eks.describe_addon, update, eks.delete_addon):
        names(refused("ResourceNotFoundException", call, **gone), **OF_CLUSTER)
    names(
        refused("InvalidParameterException", eks.list_addons, maxResults=0, **OF_CLUSTER),
        **OF_CLUSTER,
    )
    refused("ResourceNotFoundException", eks.list_addons, clusterName="other")
    of_updates = {"name": CLUSTER, "addonName": ADDON}
    names(
        refused("InvalidParameterException", eks.list_updates, nextToken="forged", **of_updates),
        **OF_CLUSTER,
    )
    refused("ResourceNotFoundException", eks.list_updates, name="other")
    refused("InvalidParameterException", eks.describe_update, name=CLUSTER, updateId="none")
    refused("ResourceNotFoundException", eks.describe_update, updateId="none", **of_updates)


def conflicts(eks):
    """An add-on over agents with other values, which is left as it is."""
    eks.create_addon(configurationValues='{"agent":{"additionalArgs":{"-v":"debug"}}}', **OF_ADDON)
    wait(eks, "addon_active")
    eks.delete_addon(preserve=True, **OF_ADDON)
    check(eks.list_addons(**OF_CLUSTER)["addons"] == [], "a preserved add-on is still there")
    failed = eks.create_addon(**OF_ADDON)["addon"]
    check(failed["status"] == "CREATE_FAILED", f"the add-on is {failed['status']}")
    update = eks.update_addon(resolveConflicts="NONE", **OF_ADDON)["update"]
    check(update["status"] == "Failed", f"the update is {update['status']}")
    eks.delete_addon(**OF_ADDON)
    wait(eks, "addon_deleted")


def assume_role(auth, local, association):
    answer = auth.assume_role_for_pod_identity(
        clusterName=CLUSTER,
        token=local.token("checkout", "checkout-1"),
        eksNodeName="ip-10-0-0-1.ec2.internal",
        instanceId="i-0123456789abcdef0",
        zone="usw2-az1",
    )
    check(
        answer["podIdentityAssociation"]["associationId"] == association["associationId"]
        and answer["subject"] == {"namespace": "shop", "serviceAccount": "checkout"},
        "the credentials are another association's",
    )
    lifetime = answer["credentials"]["expiration"] - datetime.datetime.now(datetime.timezone.utc)
    check(datetime.timedelta(0) < lifetime <= datetime.timedelta(hours=6), f"expire in {lifetime}")


def errors_of_eks_auth(auth, faulty, foreign_token):
    token = faulty.token("checkout", "checkout-1")

    def refused(code, token, cluster=CLUSTER):
        CALLS.refused(code, auth.assume_role_for_pod_identity, clusterName=cluster, token=token)

    auth.assume_role_for_pod_identity(clusterName=CLUSTER, token=token)
    refused("InvalidTokenException", foreign_token)
    refused("InvalidTokenException", "no.such.token")
    refused("InvalidParameterException", token, "no cluster name")
    refused("InvalidRequestException", faulty.token("checkout"))
    refused("ResourceNotFoundException", token, "other")
    refused("ResourceNotFoundException", faulty.token("stranger", "stranger-1"))
    for fault, code in [
        ("throttle", "ThrottlingException"),
        ("fail", "InternalServerException"),
        ("unavailable", "ServiceUnavailableException"),
    ]:
        faulty.switch(fault)
        refused(code, token)
        faulty.switch("heal")
    faulty.switch("distrust " + PREFIX + "first")
    refused("AccessDeniedException", token)
    faulty.switch("hours 25")
    refused("ExpiredTokenException", token)


def busy_addon(eks, faulty):
    """An add-on whose agents neither start nor stop for now."""
    refused = CALLS.refused
    faulty.switch("hold-agents")
    eks.create_addon(**OF_ADDON)
    for call in (eks.create_addon, eks.update_addon):
        names(refused("ResourceInUseException", call, **OF_ADDON), **OF_ADDON)
    faulty.switch("release-agents")
    wait(eks, "addon_active")
    faulty.switch("hold-agents")
    eks.delete_addon(**OF_ADDON)
    for call in (eks.update_addon, eks.delete_addon):
        names(refused("InvalidRequestException", call, **OF_ADDON), **OF_ADDON)
    faulty.switch("release-agents")
    wait(eks, "addon_deleted")


def failing_calls(eks, arn):
    """A call of each of EKS' operations."""
    one = {**OF_CLUSTER, "associationId": "a-abcdefghijklmnop1"}
    account = {**OF_CLUSTER, "namespace": "shop", "serviceAccount": "x", "roleArn": PREFIX + "x"}
    return [
        (eks.create_pod_identity_association, account),
        (eks.list_pod_identity_associations, OF_CLUSTER),
        (eks.describe_pod_identity_association, one),
        (eks.update_pod_identity_association, one),
        (eks.delete_pod_identity_association, one),
        (eks.create_addon, OF_ADDON),
        (eks.describe_addon, OF_ADDON),
        (eks.update_addon, OF_ADDON),
        (eks.delete_addon, OF_ADDON),
        (eks.list_addons, OF_CLUSTER),
        (eks.describe_addon_versions, {}),
        (eks.describe_addon_configuration, {"addonName": ADDON, "addonVersion": FIRST_VERSION}),
        (eks.list_updates, {"name": CLUSTER}),
        (eks.describe_update, {"name": CLUSTER, "updateId": "none"}),
        (eks.tag_resource, {"resourceArn": arn, "tags": {"a": "b"}}),
        (eks.untag_resource, {"resourceArn": arn, "tagKeys": ["a"]}),
        (eks.list_tags_for_resource, {"resourceArn": arn}),
    ]


def errors_of_eks(eks, faulty):
    account = {**OF_CLUSTER, "namespace": "shop", "roleArn": PREFIX + "first"}
    create = eks.create_pod_identity_association
    arn = create(serviceAccount="checkout", **account)["association"]["associationArn"]
    create(serviceAccount="report", **account)
    names(
        CALLS.refused("ResourceLimitExceededException", create, serviceAccount="third", **account),
        **OF_CLUSTER,
    )
    tags(eks, arn)
    for call, parameters in failing_calls(eks, arn):
        for fault, code in [("fail", "ServerException"), ("throttle", "ThrottlingException")]:
            faulty.switch(fault)
            CALLS.refused(code, call, **parameters)
            faulty.switch("heal")
    stranger = {"aws_access_key_id": "stranger", "aws_secret_access_key": "x"}
    forger = {"aws_access_key_id": "local", "aws_secret_access_key": "x"}
    for code, keys in [
        ("UnrecognizedClientException", stranger),
        ("InvalidSignatureException", forger),
    ]:
        client = CALLS.client("eks", faulty.endpoint, **keys)
        CALLS.refused(code, client.list_addons, **OF_CLUSTER)


def compare_with_model(offered):
    """Whatever is offered was called, and whatever the model has was answered, unless never is."""
    called = set(CALLS.members)
    for operation in offered - called:
        CALLS.problem(operation, "is an operation of the local EKS that this peer does not call")
    for operation in called - offered:
        CALLS.problem(operation, "was called, and was not found among the operations")
    unused = set(NEVER)
    for unanswered in (CALLS.unanswered_members(), CALLS.unanswered_errors()):
        for operation, names_of_it in unanswered.items():
            for name in sorted(names_of_it):
                excuses = {one for one in NEVER if _excuses(one, operation, name)}
                unused -= excuses
                if not excuses:
                    CALLS.problem(operation, f"was never seen to answer {name}")
    for one in unused:
        CALLS.problem("NEVER", f"{one} is answered, or the model does not have it")


def _excuses(one, operation, name):
    one = one.removeprefix(operation + " ")
    return name == one or name.startswith((one + ".", one + "[", one + "{"))


def call_everything():
    with local_eks("--nodes", "2", "--no-agents", "--agent-start-time", "500ms") as local:
        offered = offered_operations(local)
        eks = CALLS.client("eks", local.endpoint)
        versions(eks)
        association = associations(eks)
        tags(eks, association["associationArn"])
        assume_role(CALLS.client("eks-auth", local.endpoint), local, association)
        addon(eks)
        conflicts(eks)
        eks.delete_pod_identity_association(
            associationId=association["associationId"], **OF_CLUSTER
        )
        foreign_token = local.token("checkout", "checkout-1")
    with faulty_eks() as faulty:
        eks = CALLS.client("eks", faulty.endpoint)
        errors_of_eks(eks, faulty)
        busy_addon(eks, faulty)
        errors_of_eks_auth(CALLS.client("eks-auth", faulty.endpoint), faulty, foreign_token)
    compare_with_model(offered)


def main():
    try:
        call_everything()
    finally:
        for problem in CALLS.problems:
            print("wrong:", problem)
    print(
        f"{len(CALLS.members)} operations,"
        f" {sum(len(members) for members in CALLS.members.values())} members of their answers,"
        f" {sum(len(codes) for codes in CALLS.errors.values())} modelled errors,"
        f" {len(CALLS.common_errors)} common errors checked"
    )
    return 1 if CALLS.problems else 0


CALLS = Calls()

if __name__ == "__main__":
    sys.exit(main())

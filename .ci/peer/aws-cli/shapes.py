"""Compares JSON values with the shapes of a botocore model."""

import re

TYPES = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "long": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "structure": lambda value: isinstance(value, dict),
    "map": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    # REST-JSON writes times in bodies as seconds since 1970, with or without a fraction.
    "timestamp": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}


class Answer:
    """A JSON answer compared with its shape: what is wrong with it, and the members it holds."""

    def __init__(self, shape, value):
        self.problems = []
        self.members = set()
        self._check(shape, value, "")

    def _check(self, shape, value, path):
        if shape.type_name not in TYPES:
            self._problem(path, f"has the type {shape.type_name}, which the peer does not know")
        elif not TYPES[shape.type_name](value):
            # The value itself may be a secret.
            found = type(value).__name__
            self._problem(path, f"is of type {found}, and the model wants a {shape.type_name}")
        elif shape.type_name == "structure":
            self._check_structure(shape, value, path)
        elif shape.type_name == "list":
            for item in value:
                self._check(shape.member, item, path + "[]")
        elif shape.type_name == "map":
            for key, item in value.items():
                self._check(shape.key, key, path + "{}")
                self._check(shape.value, item, path + "{}")
        elif shape.type_name == "string":
            self._check_string(shape, value, path)

    def _check_structure(self, shape, value, path):
        names = {
            member.serialization.get("name", name): member for name, member in shape.members.items()
        }
        for name, item in value.items():
            member_path = f"{path}.{name}" if path else name
            if name in names:
                self.members.add(member_path)
                self._check(names[name], item, member_path)
            else:
                self._problem(member_path, f"is not a member of {shape.name}")
        for name in shape.required_members:
            if name not in value:
                self._problem(f"{path}.{name}" if path else name, "is required and missing")

    def _check_string(self, shape, value, path):
        if shape.enum and value not in shape.enum:
            self._problem(path, f"is {value!r}, and the model has {', '.join(shape.enum)}")
        limits = shape.metadata
        if not limits.get("min", 0) <= len(value) <= limits.get("max", len(value)):
            self._problem(path, f"has {len(value)} characters, and the model limits them")
        if "pattern" in limits and not re.search(limits["pattern"], value):
            self._problem(path, f"is {value!r}, and the model wants {limits['pattern']}")

    def _problem(self, path, text):
        self.problems.append(f"{path or 'the answer'} {text}")


def members_of(shape, path=""):
    """The paths of all members that an answer of this shape may hold."""
    if shape.type_name == "structure":
        paths = set()
        for name, member in shape.members.items():
            member_path = f"{path}.{name}" if path else name
            paths |= {member_path} | members_of(member, member_path)
        return paths
    if shape.type_name == "list":
        return members_of(shape.member, path + "[]")
    return set()

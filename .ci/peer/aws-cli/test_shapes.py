"""The validator finds what it is there to find."""

import unittest

from botocore.model import ServiceModel

from shapes import Answer, members_of

MODEL = ServiceModel(
    {
        "metadata": {"protocol": "rest-json"},
        "shapes": {
            "Thing": {
                "type": "structure",
                "required": ["name"],
                "members": {
                    "name": {"shape": "Name"},
                    "state": {"shape": "State"},
                    "count": {"shape": "Count"},
                    "on": {"shape": "On"},
                    "at": {"shape": "At"},
                    "parts": {"shape": "Parts"},
                    "tags": {"shape": "Tags"},
                },
            },
            "Name": {"type": "string", "min": 1, "max": 5, "pattern": "^[a-z]*$"},
            "State": {"type": "string", "enum": ["UP", "DOWN"]},
            "Count": {"type": "integer"},
            "On": {"type": "boolean"},
            "At": {"type": "timestamp"},
            "Parts": {"type": "list", "member": {"shape": "Part"}},
            "Part": {"type": "structure", "members": {"id": {"shape": "State"}}},
            "Tags": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Name"}},
        },
    }
)
THING = MODEL.shape_for("Thing")
GOOD = {
    "name": "abc",
    "state": "UP",
    "count": 3,
    "on": False,
    "at": 1700000000.123,
    "parts": [{"id": "DOWN"}],
    "tags": {"a": "b"},
}


class ShapesTest(unittest.TestCase):
    def test_accepts_what_the_model_has(self):
        answer = Answer(THING, GOOD)

        self.assertEqual(answer.problems, [])
        self.assertEqual(answer.members, members_of(THING))

    def test_finds_each_difference(self):
        for change, problem in [
            ({"other": 1}, "other is not a member of Thing"),
            ({"name": None}, "name is of type NoneType, and the model wants a string"),
            ({"name": "toolong"}, "name has 7 characters"),
            ({"name": "A"}, "name is 'A', and the model wants ^[a-z]*$"),
            ({"state": "up"}, "state is 'up', and the model has UP, DOWN"),
            ({"count": "3"}, "count is of type str, and the model wants a integer"),
            ({"count": True}, "count is of type bool, and the model wants a integer"),
            ({"on": 1}, "on is of type int, and the model wants a boolean"),
            ({"at": "2023-11-14T22:13:20Z"}, "at is of type str, and the model wants a timestamp"),
            ({"parts": {}}, "parts is of type dict, and the model wants a list"),
            ({"parts": [{"id": "x"}]}, "parts[].id is 'x'"),
            ({"tags": {"a": 1}}, "tags{} is of type int, and the model wants a string"),
        ]:
            with self.subTest(change=change):
                problems = Answer(THING, {**GOOD, **change}).problems

                self.assertEqual(len(problems), 1)
                self.assertTrue(problems[0].startswith(problem), problems[0])

    def test_finds_a_required_member_that_is_missing(self):
        self.assertEqual(Answer(THING, {}).problems, ["name is required and missing"])


if __name__ == "__main__":
    unittest.main()

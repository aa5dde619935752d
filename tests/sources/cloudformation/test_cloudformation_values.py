"""What an expression in a property becomes: a row is the expression, and the value."""

import base64

import pytest

from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown


def deferred(reason, present=Presence.YES):
    return Unknown(Kind.DEFERRED, reason, present)


FREE = deferred("parameter Free")
STAGE = deferred("parameter Stage (default 'dev')")
REGION = deferred("AWS::Region")
SECRET = "{{resolve:secretsmanager:ml/db:SecretString:password}}"

CASES = {
    "a literal": ("alias/x", "alias/x"),
    "a number where text belongs": ("5", "5"),
    "a resource": ("!Ref Key", Reference("Key")),
    "a resource, long": ("{Ref: Key}", Reference("Key")),
    "an attribute": ("!GetAtt Key.Arn", Reference("Key", "Arn")),
    "an attribute as a list": ("!GetAtt [Key, Arn]", Reference("Key", "Arn")),
    "an attribute, long": ("{'Fn::GetAtt': [Key, Arn]}", Reference("Key", "Arn")),
    "an attribute, long and dotted": ("{'Fn::GetAtt': Lambda.Outputs.Key}", Reference("Lambda", "Outputs.Key")),
    "an attribute chosen at deploy": ("!GetAtt [Key, !Ref Free]", deferred("an attribute of Key")),
    "a type without a record": ("!Ref Lambda", Reference("Lambda")),
    "nothing": ("!Ref AWS::NoValue", ABSENT),
    "a pseudo parameter": ("!Ref AWS::Region", REGION),
    "sub of plain text": ("!Sub 'alias/x'", "alias/x"),
    "sub of one name": ("!Sub '${Key}'", Reference("Key")),
    "sub of an attribute": ("!Sub '${Key.Arn}/x'", Text((Reference("Key", "Arn"), "/x"))),
    "sub with blanks": ("!Sub 'a-${ Key }'", Text(("a-", Reference("Key")))),
    "sub of a parameter": ("!Sub 'alias/${Free}-x'", Text(("alias/", FREE, "-x"))),
    "sub of a literal": ("!Sub 'a${!Free}b'", "a${Free}b"),
    "sub with variables": ("!Sub ['${a}-${Free}-${b}', {a: x, b: !Ref Key}]", Text(("x-", FREE, "-", Reference("Key")))),
    "sub, long": ("{'Fn::Sub': ['${a}', {a: 5}]}", "5"),
    "sub of one of two": ("!Sub 'is-${Choice}'", OneOf(("is-red", "is-green"))),
    "sub of a truth": ("!Sub ['${a}', {a: true}]", "true"),
    "join": ("!Join ['/', [alias, x]]", "alias/x"),
    "join of parts": ("!Join [':', [a, b, !Ref Key]]", Text(("a:b:", Reference("Key")))),
    "join without an absent part": ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
    "join with a part that may be absent": ("!Join ['-', [a, !If [IsProd, b, !Ref AWS::NoValue]]]", OneOf(("a-b", "a"))),
    "join of an unknown list": ("!Join [',', !Ref Subnets]", deferred("Fn::Join of ${Subnets}")),
    "join of a split": ("!Join ['-', !Split [',', 'a,b']]", "a-b"),
    "if so": ("!If [Is, alias/a, alias/b]", "alias/a"),
    "if not": ("!If [IsNot, alias/a, alias/b]", "alias/b"),
    "if undecided": ("!If [IsProd, alias/a, alias/b]", OneOf(("alias/a", "alias/b"))),
    "if undecided and the same": ("!If [IsProd, alias/a, alias/a]", "alias/a"),
    "if undecided and perhaps nothing": ("!If [IsProd, !Ref Key, !Ref AWS::NoValue]", OneOf((Reference("Key"), ABSENT))),
    "if in if": ("!If [IsProd, a, !If [IsProd, b, c]]", OneOf(("a", "b", "c"))),
    "if, long": ("{'Fn::If': [Is, {Ref: Key}, x]}", Reference("Key")),
    "map": ("!FindInMap [Keys, prod, key]", "alias/prod"),
    "map, of a number": ("!FindInMap [Keys, prod, count]", "2"),
    "map at an unknown row": ("!FindInMap [Keys, !Ref Stage, key]", OneOf(("alias/dev", "alias/prod"))),
    "map at an unknown row that may lack it": ("!FindInMap [Keys, !Ref Stage, count]", OneOf(("1", "2"))),
    "map at an unknown column": ("!FindInMap [Keys, prod, !Ref Free]", OneOf(("alias/prod", "2"))),
    "map with a default": ("!FindInMap [Keys, test, key, {DefaultValue: alias/x}]", "alias/x"),
    "map with a default not needed": ("!FindInMap [Keys, dev, key, {DefaultValue: alias/x}]", "alias/dev"),
    "map with a default perhaps needed": (
        "!FindInMap [Keys, !Ref Free, key, {DefaultValue: alias/x}]",
        OneOf(("alias/dev", "alias/prod", "alias/x")),
    ),
    "select": ("!Select [1, [a, b]]", "b"),
    "select by text": ("!Select ['0', [a, b]]", "a"),
    "select of a split": ("!Select [1, !Split ['/', 'alias/x']]", "x"),
    "select of a map": ("!Select [0, !FindInMap [Keys, dev, list]]", "one"),
    "select of a list that may be shorter": (
        "!Select [0, [!If [IsProd, a, !Ref AWS::NoValue], b]]",
        deferred("Fn::Select of a list that may be shorter"),
    ),
    "select of what one of two has": ("!Select [1, !If [IsProd, [a], [a, b]]]", OneOf((ABSENT, "b"))),
    "select of an unknown list": ("!Select [0, !Ref Subnets]", deferred("Fn::Select of ${Subnets}")),
    "select at an unknown position": ("!Select [!Ref Free, [a, b]]", OneOf(("a", "b"))),
    "select of a split of an attribute": (
        "!Select [2, !Split ['/', !GetAtt Key.Arn]]",
        deferred("Fn::Select of ${Fn::Split of ${Key.Arn}}"),
    ),
    "zones": ("!Select [0, !GetAZs '']", deferred("Fn::Select of ${Fn::GetAZs}")),
    "base64": ("{'Fn::Base64': hello}", base64.b64encode(b"hello").decode()),
    "base64 of an expression": ("{'Fn::Base64': !Sub 'a ${Free}'}", deferred("Fn::Base64 of a ${Free}")),
    "an import": ("!ImportValue key-arn", deferred("Fn::ImportValue key-arn")),
    "an import of an expression": ("{'Fn::ImportValue': !Sub '${Free}-key'}", deferred("Fn::ImportValue ${Free}-key")),
    "cidr": ("!Select [1, !Cidr ['10.0.0.0/16', 2, 8]]", "10.0.1.0/24"),
    "cidr of an expression": ("!Select [1, !Cidr [!Ref Free, 2]]", deferred("Fn::Select of ${Fn::Cidr of ${Free}}")),
    "length": ("{'Fn::Length': [a, b]}", "2"),
    "length of an unknown list": ("{'Fn::Length': !Ref Subnets}", deferred("Fn::Length of ${Subnets}")),
    "json": ("{'Fn::ToJsonString': {a: [1, b]}}", '{"a":[1,"b"]}'),
    "json of an expression": ("{'Fn::ToJsonString': {a: !Ref Free}}", deferred("Fn::ToJsonString")),
    "an include": (
        "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/x}}}",
        deferred("Fn::Transform AWS::Include", Presence.MAYBE),
    ),
    "a dynamic reference": (f"'{SECRET}'", deferred(SECRET)),
    "a dynamic reference in text": (f"'x-{SECRET}-y'", Text(("x-", deferred(SECRET), "-y"))),
    "a dynamic reference put together": (
        "!Sub '{{resolve:secretsmanager:${Key}:SecretString:${Free}}}'",
        deferred("{{resolve:secretsmanager:${Key}:SecretString:${Free}}}"),
    ),
    "a dynamic reference without an end": ("'{{resolve:ssm:x'", "{{resolve:ssm:x"),
}


@pytest.mark.parametrize(("expression", "value"), CASES.values(), ids=CASES)
def test_value_of_an_expression(notebook, expression, value):
    assert notebook(expression).properties.get("KmsKeyId", ABSENT) == value


@pytest.mark.parametrize(
    "expression",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "!Sub 'AKIAIOSFODNN7EXAMPLE-${Free}'",
        "!Join ['', [AKIAIOSF, ODNN7EXAMPLE]]",
        "{'Fn::Base64': !Sub 'AKIAIOSFODNN7EXAMPLE-${Free}'}",
    ],
)
def test_a_secret_in_text_is_redacted(notebook, expression):
    found = notebook(expression).properties["KmsKeyId"]
    assert isinstance(found, Redacted)
    assert found.kind == "aws-access-key"


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("!Sub 'hunter2-${Free}'", False),
        ("!Sub '${Free}-hunter2'", False),
        ("!Sub '${Key}:password::'", True),
        ("!Sub 'arn:aws:ssm:${AWS::Region}:111122223333:parameter/db'", True),
        ("!Ref Free", True),
    ],
)
def test_text_under_a_secret_name(read, expression, kept):
    resources = read(f"""\
        Parameters: {{Free: {{Type: String}}}}
        Resources:
          Key: {{Type: AWS::KMS::Key}}
          Model:
            Type: AWS::SageMaker::Model
            Properties: {{PrimaryContainer: {{Environment: {{DB_PASSWORD: {expression}}}}}}}
        """).resources
    value = resources[1].properties["PrimaryContainer"]["Environment"]["DB_PASSWORD"]
    assert isinstance(value, Redacted) is not kept


PARAMETERS = {
    "no default": ("Free", FREE),
    "a default": ("Stage", STAGE),
    "an empty default may leave nothing": ("Perhaps", deferred("parameter Perhaps (default '')", Presence.MAYBE)),
    "allowed values": ("Choice", OneOf(("red", "green"))),
    "allowed numbers": ("Size", OneOf(("5", "50"))),
    "one allowed value": ("Only", "red"),
    "the parameter store": ("Stored", deferred("parameter Stored (default '/ml/key')")),
    "a hidden default": ("Password", deferred("parameter Password")),
    "a default that is a secret": ("ApiToken", deferred("parameter ApiToken")),
    "a long default": ("Long", deferred(f"parameter Long (default '{'x' * 60}…')")),
    "a list": ("Names", deferred("parameter Names")),
}


@pytest.mark.parametrize(("name", "value"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameter_that_nobody_gave(notebook, name, value):
    assert notebook(f"!Ref {name}").properties["KmsKeyId"] == value


GIVEN = {
    "text": ("!Ref Free", {"Free": "alias/x"}, "alias/x"),
    "over a default": ("!Ref Stage", {"Stage": "prod"}, "prod"),
    "one of the allowed": ("!Ref Choice", {"Choice": "green"}, "green"),
    "into text": ("!Sub 'alias/${Free}'", {"Free": "x"}, "alias/x"),
    "a list": ("!Select [1, !Ref Names]", {"Names": "a, b"}, "b"),
    "deciding a condition": ("!If [IsProd, alias/a, alias/b]", {"Free": "prod"}, "alias/a"),
    "deciding it the other way": ("!If [IsProd, alias/a, alias/b]", {"Free": "dev"}, "alias/b"),
    "a row": ("!FindInMap [Keys, !Ref Stage, key]", {"Stage": "prod"}, "alias/prod"),
    "a pseudo parameter": ("!Sub 'alias/${AWS::Region}'", {"AWS::Region": "eu-west-1"}, "alias/eu-west-1"),
    "the name in the store, not the value": (
        "!Ref Stored",
        {"Stored": "/ml/other"},
        deferred("parameter Stored (SSM parameter /ml/other)"),
    ),
}


@pytest.mark.parametrize(("expression", "parameters", "value"), GIVEN.values(), ids=GIVEN)
def test_parameter_that_was_given(notebook, expression, parameters, value):
    assert notebook(expression, parameters=parameters).properties["KmsKeyId"] == value


@pytest.mark.parametrize("expression", ["!Ref Password", "!Sub 'x-${Password}'", "!Join ['', [x, !Ref Password]]"])
@pytest.mark.parametrize("parameters", [None, {"Password": "correct-horse"}])
def test_what_no_echo_hides_is_never_shown(notebook, expression, parameters):
    shown = repr(notebook(expression, parameters=parameters))
    assert "hunter2" not in shown
    assert "horse" not in shown


CONDITIONS = {
    "equal": ("!Equals [a, a]", "yes"),
    "a number and its text": ("!Equals [1, '1']", "yes"),
    "a truth and its text": ("!Equals [true, 'true']", "yes"),
    "not equal": ("!Equals [a, b]", "no"),
    "not one of the allowed": ("!Equals [!Ref Choice, blue]", "no"),
    "one of the allowed": ("!Equals [!Ref Choice, red]", OneOf(("yes", "no"))),
    "the only one": ("!Equals [!Ref Only, red]", "yes"),
    "a parameter": ("!Equals [!Ref Free, x]", OneOf(("yes", "no"))),
    "not": ("!Not [!Equals [a, b]]", "yes"),
    "not, unknown": ("!Not [!Condition IsProd]", OneOf(("yes", "no"))),
    "and": ("!And [!Condition Is, !Condition Is]", "yes"),
    "and, one false beside an unknown": ("!And [!Condition IsProd, !Condition IsNot]", "no"),
    "and, one unknown": ("!And [!Condition IsProd, !Condition Is]", OneOf(("yes", "no"))),
    "or, one true beside an unknown": ("!Or [!Condition IsProd, !Condition Is]", "yes"),
    "or, none true": ("!Or [!Condition IsNot, !Condition IsNot]", "no"),
    "long": ("{'Fn::And': [{Condition: Is}, {'Fn::Not': [{Condition: IsNot}]}]}", "yes"),
    "of a map": ("!Equals [!FindInMap [Keys, dev, key], alias/dev]", "yes"),
}


@pytest.mark.parametrize(("condition", "value"), CONDITIONS.values(), ids=CONDITIONS)
def test_condition(notebook, condition, value):
    text = f"  Asked: {condition}"
    assert (
        notebook("!If [Asked, yes, no]".replace("yes", "'yes'").replace("no]", "'no']"), text).properties["KmsKeyId"] == value
    )

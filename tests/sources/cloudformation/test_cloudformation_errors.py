"""What is wrong with a template is said in one line: where, under which key, and what was expected."""

import pytest

from auditor.files.errors import InputError

HEAD = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Count: {Type: Number}
  Code: {Type: String, AllowedPattern: '(a+)+b'}
  Secret: {Type: String, NoEcho: true, AllowedValues: [left, right]}
  Zones: {Type: CommaDelimitedList, AllowedValues: [a, b]}
Mappings: {Keys: {dev: {key: alias/dev}}}
Conditions: {Is: !Equals [a, a]}
Resources:
  Key: {Type: AWS::KMS::Key}
"""

PROPERTY = {
    "an unknown name": ("!Ref Kye", "11:71: Ref: no parameter or resource is called 'Kye'; did you mean 'Key'?"),
    "an unknown name in text": (
        "!Sub 'a${Kye}'",
        "11:71: Fn::Sub: no parameter or resource is called 'Kye'; did you mean 'Key'?",
    ),
    "an unknown resource": ("!GetAtt Stage.Arn", "11:71: Fn::GetAtt: no resource is called 'Stage'"),
    "no attribute": ("!GetAtt Key", "11:71: Fn::GetAtt: Resource.Attribute expected, found 'Key'"),
    "too short a list": ("!GetAtt [Key]", "11:71: Fn::GetAtt: a list of 2 expected"),
    "not a name": ("!Ref [Key]", "11:71: Ref: text expected"),
    "not a name in text": ("!Sub 'a${b c}'", "11:71: Fn::Sub: a name expected in ${b c}; for the text itself write ${!b c}"),
    "not text": ("!Sub {a: b}", "11:71: Fn::Sub: text expected"),
    "not variables": ("!Sub ['a', b]", "11:82: Fn::Sub: a mapping of variables expected as the second of its list"),
    "a list in text": ("!Join ['', [[a]]]", "11:82: text expected, found a list"),
    "a mapping in text": ("!Join ['', [{a: b}]]", "11:82: text expected, found a mapping"),
    "no list to join": ("!Join ['', text]", "11:82: Fn::Join: a list expected"),
    "three to join": ("!Join ['', [a], [b]]", "11:71: Fn::Join: a list of 2 expected"),
    "an unknown condition": ("!If [Iss, a, b]", "11:76: Condition: no condition is called 'Iss'; did you mean 'Is'?"),
    "two branches": ("!If [Is, a]", "11:71: Fn::If: a list of 3 expected"),
    "a condition as a value": ("!Equals [a, a]", "11:71: a condition cannot stand here; Fn::If takes its name"),
    "beyond the end": ("!Select [2, [a, b]]", "11:71: Fn::Select: a position of its list expected, found 2"),
    "before the start": ("!Select [-1, [a, b]]", "11:71: Fn::Select: a position of its list expected, found -1"),
    "selecting from text": ("!Select [0, text]", "11:83: Fn::Select: a list expected"),
    "no such map": ("!FindInMap [Kyes, dev, key]", "11:71: Fn::FindInMap: no mapping has such a value"),
    "no such row": ("!FindInMap [Keys, test, key]", "11:71: Fn::FindInMap: no mapping has such a value"),
    "no default": (
        "!FindInMap [Keys, a, b, {Default: c}]",
        "11:95: Fn::FindInMap: a mapping with DefaultValue expected as the fourth of its list",
    ),
    "splitting a list": ("!Split [',', [a]]", "11:84: Fn::Split: text expected"),
    "splitting by nothing": ("!Split ['', a]", "11:79: Fn::Split: a separator expected, found empty text"),
    "no block": (
        "!Cidr [ten, 2]",
        "11:71: Fn::Cidr: an address block, a count from 1 to 256 and host bits expected: "
        "'ten' does not appear to be an IPv4 or IPv6 network",
    ),
    "json of text": ("{'Fn::ToJsonString': a}", "11:92: Fn::ToJsonString: a list or a mapping expected"),
    "an unknown function": ("!GetAttr Key.Arn", "11:71: no function is called 'Fn::GetAttr'; did you mean 'Fn::GetAtt'?"),
    "an unknown function, long": ("{'Fn::Subs': a}", "11:71: no function is called 'Fn::Subs'; did you mean 'Fn::Sub'?"),
    "a function beside a key": ("{a: b, 'Fn::Sub': c}", "11:78: Fn::Sub must be the only key of its mapping"),
    "null": ("null", "11:71: null is not allowed in a template"),
    "a loop of two": ("{'Fn::ForEach::A': [a, b]}", "11:90: Fn::ForEach::A: a list of 3 expected"),
    "a loop over text": ("{'Fn::ForEach::A': [a, b, {c: d}]}", "11:94: Fn::ForEach: a list expected as the second of its list"),
    "a loop without a body": (
        "{'Fn::ForEach::A': [a, [b], c]}",
        "11:99: Fn::ForEach::A: a mapping expected as the third of its list",
    ),
}


@pytest.mark.parametrize(("expression", "message"), PROPERTY.values(), ids=PROPERTY)
def test_a_wrong_expression(read, expression, message):
    line = "  Notebook: {Type: AWS::SageMaker::NotebookInstance, Properties: {Id: "
    with pytest.raises(InputError) as error:
        read(f"{HEAD}{line}{expression}}}}}\n")
    assert str(error.value) == f"t.yaml:{message}"


TEMPLATES = {
    "nothing": ("", "t.yaml: a template expected: a mapping with Resources"),
    "a list": ("[a]", "t.yaml:1: a template expected: a mapping with Resources"),
    "no resources": ("Parameters: {}", "t.yaml:1:1: Resources: a template has Resources"),
    "resources in a list": ("Resources: [a]", "t.yaml:1:12: Resources: a mapping expected"),
    "resources of a function": ("Resources: !Sub {a: b}", "t.yaml:1:12: Resources: a mapping expected"),
    "parameters in a list": ("Parameters: [a]\nResources: {}", "t.yaml:1:13: Parameters: a mapping expected"),
    "a parameter of text": ("Parameters: {A: b}\nResources: {}", "t.yaml:1:17: Parameters.A: a mapping with a Type expected"),
    "a resource of text": ("Resources: {A: b}", "t.yaml:1:16: A: a mapping with a Type expected"),
    "a resource without a type": ("Resources:\n  A: {Properties: {}}", "t.yaml:2:3: A: a resource has a Type"),
    "a type in a list": ("Resources: {A: {Type: [a]}}", "t.yaml:1:23: A.Type: text expected"),
    "properties in a list": ("Resources: {A: {Type: a, Properties: [b]}}", "t.yaml:1:38: A.Properties: a mapping expected"),
    "properties of a function": (
        "Resources: {A: {Type: a, Properties: !GetAtt A.B}}",
        "t.yaml:1:38: A.Properties: a mapping expected",
    ),
    "an unknown condition": (
        "Conditions: {Is: !Equals [a, a]}\nResources: {A: {Type: a, Condition: Iss}}",
        "t.yaml:2:37: Condition: no condition is called 'Iss'; did you mean 'Is'?",
    ),
    "a condition that is no name": ("Resources: {A: {Type: a, Condition: [x]}}", "t.yaml:1:37: A.Condition: text expected"),
    "a condition that is none": (
        "Conditions: {Is: text}\nResources: {}",
        "t.yaml:1:18: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition expected",
    ),
    "a condition of one": ("Conditions: {Is: !Equals [a]}\nResources: {}", "t.yaml:1:18: Fn::Equals: a list of 2 expected"),
    "an and of one": (
        "Conditions: {Is: !And [!Equals [a, b]]}\nResources: {}",
        "t.yaml:1:18: Fn::And: a list of 2 to 10 expected",
    ),
    "a not of two": (
        "Conditions: {Is: !Not [!Condition A, !Condition B]}\nResources: {}",
        "t.yaml:1:18: Fn::Not: a list of 1 expected",
    ),
    "a condition of an unknown one": (
        "Conditions: {Is: !Not [!Condition Iss]}\nResources: {}",
        "t.yaml:1:24: Condition: no condition is called 'Iss'; did you mean 'Is'?",
    ),
    "conditions in a circle": (
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources: {}",
        "t.yaml:3:12: Condition: condition A rests on itself",
    ),
    "a logical id twice through a loop": (
        "Resources:\n  Aa: {Type: b}\n  Fn::ForEach::L: [N, [a], {'A${N}': {Type: b}}]",
        "t.yaml:3:29: Aa: this logical id stands twice",
    ),
    "a key twice": ("Resources:\n  A: {Type: b}\n  A: {Type: b}", "t.yaml:3:3: A: this key stands twice"),
    "not yaml": ("Resources: {", "t.yaml:2:1: not YAML or JSON: did not find expected node content"),
}


@pytest.mark.parametrize(("text", "message"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_wrong_template(read, text, message):
    with pytest.raises(InputError) as error:
        read(text)
    assert str(error.value) == message


PARAMETERS = {
    "not declared": ({"Stag": "dev"}, "t.yaml: Stag: the template has no such parameter; did you mean 'Stage'?"),
    "not allowed": ({"Stage": "prd"}, "t.yaml:2:40: Stage: 'prd' is not one of its AllowedValues; did you mean 'prod'?"),
    "not allowed in a list": ({"Zones": "a,c"}, "t.yaml:6:52: Zones: 'a,c' is not one of its AllowedValues"),
    "not a number": ({"Count": "many"}, "t.yaml:3:10: Count: 'many' is not a number"),
    "a secret not allowed": ({"Secret": "A1"}, "t.yaml:5:55: Secret: the value given is not one of its AllowedValues"),
}


@pytest.mark.parametrize(("parameters", "message"), PARAMETERS.values(), ids=PARAMETERS)
def test_a_wrong_parameter(read, parameters, message):
    with pytest.raises(InputError) as error:
        read(HEAD, parameters)
    assert str(error.value) == message


def test_a_pattern_is_left_to_cloudformation(read):
    assert read(HEAD, {"Code": "a" * 64}).resources


def test_what_is_not_evaluated_raises_nothing(read):
    inventory = read("""\
        Metadata: {a: !Unknown b}
        Rules: {R: {Assertions: [{Assert: {'Fn::Contains': [[a], !Ref Nothing]}}]}}
        Resources:
          A: {Type: AWS::KMS::Key, Properties: !!map {Description: !!str 5}, Metadata: {b: null}}
        Outputs: {O: {Value: !Ref Nothing}}
        """)
    assert inventory.resources[0].properties == {"Description": "5"}

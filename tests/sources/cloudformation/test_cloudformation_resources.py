"""What a template's resources become: conditions, places, tags, satellites, loops, macros."""

import pytest

from auditor.model.inventory import SourceKind
from auditor.model.resource import Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown


def by_id(inventory):
    return {resource.id: resource for resource in inventory.resources}


def test_an_inventory_of_known_types(read):
    inventory = read("""\
        Resources:
          Key: {Type: AWS::KMS::Key}
          Library: {Type: AWS::Lambda::LayerVersion}
          Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x}}
          Module: {Type: My::Test::Thing::MODULE}
          Account: {Type: Auditor::Account}
          Job: {Type: AWS::SageMaker::TrainingJob, Properties: {TrainingJobName: x}}
        """)
    assert inventory.kind is SourceKind.CLOUDFORMATION
    assert inventory.name == "t.yaml"
    assert list(by_id(inventory)) == ["Key", "Job"]


def test_json(read):
    inventory = read('{"Resources": {"Key": {"Type": "AWS::KMS::Key",\n"Properties": {"EnableKeyRotation": "true"}}}}')
    key = by_id(inventory)["Key"]
    assert key.properties == {"EnableKeyRotation": True}
    assert str(key.origin_of("EnableKeyRotation")) == "t.yaml:2:16"


def test_properties_are_shaped_by_their_schema(read):
    resources = by_id(
        read("""\
        Resources:
          Notebook:
            Type: AWS::SageMaker::NotebookInstance
            Properties:
              VolumeSizeInGB: "50"
              SecurityGroupIds: sg-1
              Invented: 1
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: '{"Statement": [{"Effect": "Allow"}]}'
              Policies:
                - {PolicyName: p, PolicyDocument: {Statement: [{Resource: !GetAtt Notebook.Arn}]}}
          Model:
            Type: AWS::SageMaker::Model
            Properties:
              PrimaryContainer:
                Environment: {PASSWORD: hunter2hunter2, TOKEN: !If [Maybe, secretsecret, !Ref AWS::NoValue], MODE: fast}
        Parameters: {Free: {Type: String}}
        Conditions: {Maybe: !Equals [!Ref Free, a]}
        """)
    )
    assert resources["Notebook"].properties == {"VolumeSizeInGB": 50, "SecurityGroupIds": ["sg-1"]}
    role = resources["Role"].properties
    assert role["AssumeRolePolicyDocument"] == {"Statement": [{"Effect": "Allow"}]}
    assert role["Policies"][0]["PolicyDocument"] == {"Statement": [{"Resource": Reference("Notebook", "Arn")}]}
    environment = resources["Model"].properties["PrimaryContainer"]["Environment"]
    assert environment["MODE"] == "fast"
    assert isinstance(environment["PASSWORD"], Redacted)
    token, absent = environment["TOKEN"].values
    assert isinstance(token, Redacted)
    assert absent is ABSENT


PLACES = {
    "the resource": ("", "t.yaml:4:3"),
    "a property": ("KmsKeyId", "t.yaml:7:7"),
    "one that is not there": ("EndpointConfigName", "t.yaml:4:3"),
    "an element": ("ProductionVariants[0]", "t.yaml:9:11"),
    "a property of an element": ("ProductionVariants[0].ModelName", "t.yaml:10:11"),
    "an element after one that is left out": ("ProductionVariants[1].ModelName", "t.yaml:12:11"),
    "a branch that is taken": ("DataCaptureConfig.KmsKeyId", "t.yaml:15:13"),
    "a tag": ("tags.team", "t.yaml:18:11"),
}


@pytest.mark.parametrize(("path", "place"), PLACES.values(), ids=PLACES)
def test_every_property_has_its_place(read, path, place):
    (resource,) = read("""\
        Conditions:
          Is: !Equals [1, 1]
        Resources:
          Config:
            Type: AWS::SageMaker::EndpointConfig
            Properties:
              KmsKeyId: x
              ProductionVariants:
                - VariantName: a
                  ModelName: b
                - !Ref AWS::NoValue
                - ModelName: c
              DataCaptureConfig: !If
                - Is
                - { KmsKeyId: x }
                - !Ref AWS::NoValue
              Tags:
                - {Key: team, Value: ml}
        """).resources
    assert str(resource.origin_of(path)) == place


TAGS = {
    "a list": (
        "[{Key: a, Value: b}, {Key: c, Value: !Ref P}]",
        {"a": "b", "c": Unknown(Kind.DEFERRED, "parameter P", Presence.YES)},
    ),
    "a mapping": ("{a: b}", {"a": "b"}),
    "perhaps": ("[!If [C, {Key: a, Value: b}, !Ref AWS::NoValue]]", {"a": OneOf(("b", ABSENT))}),
    "one of two values": ("[!If [C, {Key: a, Value: b}, {Key: a, Value: c}]]", {"a": OneOf(("b", "c"))}),
    "an unknown key": (
        "[{Key: !Ref P, Value: b}]",
        Unknown(Kind.DEFERRED, "a tag whose key is decided at deploy", Presence.MAYBE),
    ),
    "one of two keys": (
        "[!If [C, {Key: a, Value: b}, {Key: d, Value: b}]]",
        Unknown(Kind.DEFERRED, "a tag whose key is decided at deploy", Presence.MAYBE),
    ),
    "no key": ("[text]", Unknown(Kind.DEFERRED, "a tag whose key is decided at deploy", Presence.MAYBE)),
}


@pytest.mark.parametrize(("tags", "value"), TAGS.values(), ids=TAGS)
def test_tags(read, tags, value):
    (resource,) = read(f"""\
        Parameters: {{P: {{Type: String}}}}
        Conditions: {{C: !Equals [!Ref P, x]}}
        Resources:
          Key: {{Type: AWS::KMS::Key, Properties: {{Tags: {tags}}}}}
        """).resources
    assert resource.tags == value


# -- conditions on resources ---------------------------------------------------------------------------------------------------

CONDITIONAL = """\
    Parameters: {P: {Type: String}, Q: {Type: String}}
    Conditions:
      Is: !Equals [a, a]
      IsNot: !Equals [a, b]
      Prod: !Equals [!Ref P, prod]
      Big: !Equals [!Ref Q, big]
      ProdAndBig: !And [!Condition Prod, !Condition Big]
      NotProd: !Not [!Condition Prod]
      NotBoth: !Not [!Condition ProdAndBig]
      Either: !Or [!Condition Prod, !Condition Big]
      Neither: !Not [!Or [!Condition Prod, !Condition Big]]
    Resources:
      Key:
        Type: AWS::KMS::Key
        Condition: CONDITION
        Properties:
          Description: !If [Prod, 'prod', 'dev']
    """


@pytest.mark.parametrize(
    ("condition", "description"),
    [
        ("Is", OneOf(("prod", "dev"))),
        ("IsNot", None),
        ("Prod", "prod"),
        ("NotProd", "dev"),
        ("ProdAndBig", "prod"),
        ("Neither", "dev"),
        ("NotBoth", OneOf(("prod", "dev"))),
        ("Either", OneOf(("prod", "dev"))),
        ("Big", OneOf(("prod", "dev"))),
    ],
)
def test_a_resource_is_judged_as_it_is_where_it_exists(read, condition, description):
    found = by_id(read(CONDITIONAL.replace("CONDITION", condition)))
    assert (found["Key"].properties["Description"] if "Key" in found else None) == description


ALARM = """\
    Parameters: {P: {Type: String}}
    Conditions:
      Prod: !Equals [!Ref P, prod]
      Is: !Equals [a, a]
      Big: !Equals [!Ref P, big]
    Resources:
      Endpoint:
        Type: AWS::SageMaker::Endpoint
        Condition: ENDPOINT
        Properties: {EndpointConfigName: x}
      Alarm:
        Type: AWS::CloudWatch::Alarm
        Condition: ALARM
        Properties:
          Dimensions: [{Name: EndpointName, Value: !GetAtt Endpoint.EndpointName}]
    """


@pytest.mark.parametrize(
    ("endpoint", "alarm", "sure"),
    [("Is", "Is", True), ("Prod", "Prod", True), ("Prod", "Is", True), ("Is", "Prod", False), ("Big", "Prod", False)],
)
def test_a_conditional_resource_is_no_sure_referrer(read, endpoint, alarm, sure):
    inventory = read(ALARM.replace("ENDPOINT", endpoint).replace("ALARM", alarm))
    found = inventory.referrers(by_id(inventory)["Endpoint"], "AWS::CloudWatch::Alarm")
    assert bool(found.known) is sure
    assert bool(found.maybe) is not sure


# -- names ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "asked", "leads"),
    [
        ("config", "config", True),
        ("!Sub '${P}-config'", "!Sub '${P}-config'", True),
        ("!Sub '${P}-config'", "!Join ['-', [!Ref P, config]]", True),
        ("!Ref P", "!Ref P", True),
        ("!Ref P", "!Ref Q", False),
        ("!Sub '${P}-config'", "!Sub '${Q}-config'", False),
        ("!Ref AWS::NoValue", "!Ref Config", True),
        ("!Ref AWS::NoValue", "!GetAtt Config.EndpointConfigName", True),
        ("!Select [0, !Ref L]", "!Select [0, !Ref L]", False),
    ],
)
def test_the_same_expression_names_the_same_thing(read, name, asked, leads):
    inventory = read(f"""\
        Parameters: {{P: {{Type: String}}, Q: {{Type: String}}, L: {{Type: CommaDelimitedList}}}}
        Resources:
          Config: {{Type: AWS::SageMaker::EndpointConfig, Properties: {{EndpointConfigName: {name}}}}}
          Endpoint: {{Type: AWS::SageMaker::Endpoint, Properties: {{EndpointConfigName: {asked}}}}}
        """)
    endpoint = by_id(inventory)["Endpoint"]
    found = inventory.resolve(endpoint.properties["EndpointConfigName"], ("AWS::SageMaker::EndpointConfig",), endpoint)
    assert (isinstance(found, Resource) and found.id == "Config") is leads
    assert leads or isinstance(found, Unknown)


@pytest.mark.parametrize(
    ("name", "uri", "leads"),
    [
        ("!Ref P", "!Sub 's3://${P}/x'", True),
        ("!Ref P", "!Sub 's3://${P}'", True),
        ("!Ref P", "!Sub 's3://${P}-logs/x'", False),
        ("!Ref P", "!Sub 's3://${Q}/${P}'", False),
        ("!Sub '${P}-models'", "!Sub 's3://${P}-models/x'", False),
        ("models", "!Sub 's3://models/${P}'", True),
        ("!Ref AWS::NoValue", "!Sub 's3://${Bucket}/x'", True),
        ("!Ref AWS::NoValue", "!Join ['', ['s3://', !Ref Bucket, /x]]", True),
        ("!Ref AWS::NoValue", "!Sub 's3://${Bucket}-logs/x'", False),
    ],
)
def test_the_bucket_behind_a_uri(read, name, uri, leads):
    inventory = read(f"""\
        Parameters: {{P: {{Type: String}}, Q: {{Type: String}}}}
        Resources:
          Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}
          Model: {{Type: AWS::SageMaker::Model, Properties: {{PrimaryContainer: {{ModelDataUrl: {uri}}}}}}}
        """)
    model = by_id(inventory)["Model"]
    found = inventory.resolve(model.properties["PrimaryContainer"]["ModelDataUrl"], ("AWS::S3::Bucket",), model)
    assert (isinstance(found, Resource) and found.id == "Bucket") is leads
    assert leads or isinstance(found, Unknown)


def test_two_of_one_name_are_not_told_apart(read):
    inventory = read("""\
        Parameters: {P: {Type: String}}
        Resources:
          One: {Type: AWS::SageMaker::EndpointConfig, Properties: {EndpointConfigName: !Ref P}}
          Two: {Type: AWS::SageMaker::EndpointConfig, Properties: {EndpointConfigName: !Ref P}}
          Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !Ref P}}
        """)
    assert isinstance(by_id(inventory)["Endpoint"].properties["EndpointConfigName"], Unknown)


def test_a_link_inside_lists_and_choices(read):
    inventory = read("""\
        Parameters: {P: {Type: String}, M: {Type: String}}
        Conditions: {C: !Equals [!Ref P, x]}
        Resources:
          Model: {Type: AWS::SageMaker::Model, Properties: {ModelName: !Ref M}}
          Config:
            Type: AWS::SageMaker::EndpointConfig
            Properties:
              ProductionVariants:
                - {ModelName: !Ref M}
                - {ModelName: !If [C, !Ref M, other]}
                - !If [C, {ModelName: !Ref M}, !Ref AWS::NoValue]
        """)
    variants = by_id(inventory)["Config"].properties["ProductionVariants"]
    assert variants == [
        {"ModelName": Reference("Model")},
        {"ModelName": OneOf((Reference("Model"), "other"))},
        OneOf(({"ModelName": Reference("Model")}, ABSENT)),
    ]


# -- satellites ----------------------------------------------------------------------------------------------------------------

ROUTED = """\
    Parameters: {P: {Type: String}}
    Conditions: {C: !Equals [!Ref P, x], D: !Equals [!Ref P, y]}
    Resources:
      Table:
        Type: AWS::EC2::RouteTable
        Condition: TABLE
        Properties: {VpcId: vpc-1}
      Gateway: {Type: AWS::EC2::InternetGateway}
      Route:
        Type: AWS::EC2::Route
        Condition: ROUTE
        Properties:
          RouteTableId: OWNER
          DestinationCidrBlock: 0.0.0.0/0
          GatewayId: !Ref Gateway
    """
ROUTE = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": Reference("Gateway")}
PERHAPS = OneOf((ROUTE, ABSENT))


@pytest.mark.parametrize(
    ("owner", "table", "route", "routes"),
    [
        ("!Ref Table", "", "", [ROUTE]),
        ("!GetAtt Table.RouteTableId", "", "", [ROUTE]),
        ("!Ref Table", "", "C", [PERHAPS]),
        ("!Ref Table", "C", "C", [ROUTE]),
        ("!Ref Table", "D", "C", [PERHAPS]),
        ("!Ref P", "", "", ABSENT),
        ("rtb-1", "", "", ABSENT),
        ("!ImportValue table", "", "", ABSENT),
        ("!If [C, !Ref Table, rtb-1]", "", "", [PERHAPS]),
        ("!If [C, !Ref Table, !Ref P]", "", "", [PERHAPS]),
        ("!Ref AWS::NoValue", "", "", ABSENT),
    ],
)
def test_a_route_belongs_to_its_table(read, owner, table, route, routes):
    lines = ROUTED.replace("OWNER", owner).replace("TABLE", table).replace("ROUTE", route).splitlines()
    found = by_id(read("\n".join(line for line in lines if not line.endswith("Condition: "))))
    assert found["Table"].properties.get("Routes", ABSENT) == routes
    assert "Route" not in found


def test_a_satellite_keeps_its_places(read):
    table = by_id(read(ROUTED.replace("OWNER", "!Ref Table").replace("TABLE", "C").replace("ROUTE", "D")))["Table"]
    assert str(table.origin_of("Routes[0]")) == "t.yaml:9:3"
    assert str(table.origin_of("Routes[0].GatewayId")) == "t.yaml:15:7"


POLICY = """\
    Parameters: {{P: {{Type: String}}, L: {{Type: CommaDelimitedList}}}}
    Conditions: {{C: !Equals [!Ref P, x]}}
    Resources:
      Role: {{Type: AWS::IAM::Role, Properties: {role}}}
      Other: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub 'other-${{P}}'}}}}
      Policy:
        Type: AWS::IAM::Policy
        Properties: {{PolicyName: p, Roles: {roles}}}
    """
IN = {"PolicyName": "p"}
MAY = OneOf((IN, ABSENT))


@pytest.mark.parametrize(
    ("role", "roles", "first", "second"),
    [
        ("{}", "[!Ref Role]", [IN], None),
        ("{}", "[!Ref Role, !Ref Other]", [IN], [IN]),
        ("{RoleName: mine}", "[mine]", [IN], None),
        ("{RoleName: !Ref P}", "[mine]", [MAY], [MAY]),
        ("{}", "[!Sub 'other-${P}']", None, [IN]),
        ("{}", "[!Ref P]", None, [MAY]),
        ("{RoleName: mine}", "[!Ref P]", [MAY], [MAY]),
        ("{}", "!Ref L", None, [MAY]),
        ("{}", "[!Sub 'my-${P}']", None, [MAY]),
        ("{}", "!If [C, [!Ref Role], !Ref AWS::NoValue]", [MAY], None),
        ("{Policies: [{PolicyName: q}]}", "[!Ref Role]", [{"PolicyName": "q"}, IN], None),
        ("{Policies: !Ref L}", "[!Ref Role]", "list", None),
        (
            "{Policies: !If [C, [{PolicyName: q}], !Ref AWS::NoValue]}",
            "[!Ref Role]",
            OneOf(([{"PolicyName": "q"}, IN], [IN])),
            None,
        ),
    ],
)
def test_a_policy_belongs_to_its_roles(read, role, roles, first, second):
    found = by_id(read(POLICY.format(role=role, roles=roles)))
    if first == "list":
        first = [Unknown(Kind.DEFERRED, "parameter L", Presence.YES), IN]
    assert found["Role"].properties.get("Policies") == first
    assert found["Other"].properties.get("Policies") == second


# -- loops, macros, includes ---------------------------------------------------------------------------------------------------


def test_a_loop_over_a_list(read):
    found = by_id(
        read("""\
        Transform: AWS::LanguageExtensions
        Parameters: {L: {Type: CommaDelimitedList}}
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - [a, b-c]
            - Bucket&{Name}:
                Type: AWS::S3::Bucket
                Properties: {BucketName: !Sub 'ml-${Name}', Tags: [{Key: n, Value: !Ref Name}, {Key: p, Value: 'x-${Name}'}]}
        """)
    )
    assert {name: item.properties["BucketName"] for name, item in found.items()} == {"Bucketa": "ml-a", "Bucketbc": "ml-b-c"}
    assert found["Bucketbc"].tags == {"n": "b-c", "p": "x-b-c"}
    assert found["Bucketbc"].origin.line == 7


def test_a_loop_whose_list_is_decided_at_deploy_is_judged_as_one_round(read):
    text = """\
        Transform: AWS::LanguageExtensions
        Parameters: {L: {Type: CommaDelimitedList}}
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - !Ref L
            - Bucket${Name}:
                Type: AWS::S3::Bucket
                Properties: {BucketName: !Sub 'ml-${Name}', Tags: [{Key: p, Value: 'x-${Name}'}]}
              Key${Name}:
                Type: AWS::KMS::Key
                Properties: {Description: !Ref 'Bucket${Name}'}
        """
    found = by_id(read(text))
    each = Unknown(Kind.DEFERRED, "each of ${L}", Presence.YES)
    assert found["Bucket${Name}"].properties["BucketName"] == Text(("ml-", each))
    assert found["Key${Name}"].properties["Description"] == Reference("Bucket${Name}")
    assert list(by_id(read(text, {"L": "a,b"}))) == ["Bucketa", "Keya", "Bucketb", "Keyb"]


def test_a_loop_over_items_of_which_some_are_decided_at_deploy(read):
    found = by_id(
        read("""\
        Parameters: {P: {Type: String}, Q: {Type: String, AllowedValues: [a, b]}}
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - [a, !Ref P, 5, !Ref Q]
            - Bucket${Name}: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
        """)
    )
    names = {"Bucketa": "a", "Bucket5": "5", "Bucket${Name}": Unknown(Kind.DEFERRED, "each of ${P}", Presence.YES)}
    assert {name: item.properties["BucketName"] for name, item in found.items()} == names


def test_loops_in_each_other_in_conditions_and_in_properties(read):
    found = by_id(
        read("""\
        Transform: AWS::LanguageExtensions
        Conditions:
          Fn::ForEach::Stages: [S, [dev, prod], {'Is${S}': !Equals [!Ref S, dev]}]
        Resources:
          Fn::ForEach::Outer:
            - S
            - [dev, prod]
            - Fn::ForEach::Inner:
                - N
                - [1, 2]
                - Model${S}${N}:
                    Type: AWS::SageMaker::Model
                    Condition: Is${S}
                    Properties:
                      ModelName: !Sub '${S}-${N}'
                      PrimaryContainer:
                        Environment:
                          Fn::ForEach::Variables: [V, [A, B], {'KEY_${V}': '${S}${N}${V}'}]
        """)
    )
    assert list(found) == ["Modeldev1", "Modeldev2"]
    assert found["Modeldev2"].properties == {
        "ModelName": "dev-2",
        "PrimaryContainer": {"Environment": {"KEY_A": "dev2A", "KEY_B": "dev2B"}},
    }


@pytest.mark.parametrize("transform", ["AWS::Serverless-2016-10-31", "[AWS::LanguageExtensions, Mine]", "{Name: AWS::Include}"])
def test_a_macro_may_declare_what_is_named(read, transform):
    found = by_id(
        read(f"""\
        Transform: {transform}
        Resources:
          Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Ref Generated}}}}
          Other: {{Type: AWS::S3::Bucket, Condition: Theirs, Properties: {{BucketName: !GetAtt Generated.Arn}}}}
          Third: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !FindInMap [Theirs, a, b]}}}}
          Fourth: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {{'Fn::Mine': x}}}}}}
        """)
    )
    assert all(isinstance(item.properties["BucketName"], Unknown) for item in found.values())
    assert len(found) == 4


def test_an_include_may_declare_resources(read):
    found = read("""\
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x}}
          Theirs: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/y}}}
          Key: {Type: AWS::KMS::Key, Properties: {Description: !Ref Other}}
        """).resources
    assert [item.id for item in found] == ["Key"]


def test_an_include_may_add_any_property(read):
    (notebook,) = read("""\
        Resources:
          Notebook:
            Type: AWS::SageMaker::NotebookInstance
            Properties:
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x}}
              RootAccess: Disabled
        """).resources
    assert notebook.properties["DirectInternetAccess"] == Unknown(Kind.DEFERRED, "Fn::Transform AWS::Include", Presence.MAYBE)
    assert isinstance(notebook.tags, Unknown)


def test_a_transform_of_a_resource_leaves_it_open(read):
    (model,) = read("""\
        Resources:
          Model:
            Type: AWS::SageMaker::Model
            Fn::Transform: {Name: Harden}
            Properties: {EnableNetworkIsolation: true}
        """).resources
    assert model.properties["EnableNetworkIsolation"] == Unknown(Kind.DEFERRED, "Fn::Transform Harden", Presence.MAYBE)
    assert model.properties["PrimaryContainer"] == Unknown(Kind.DEFERRED, "Fn::Transform Harden", Presence.MAYBE)

"""The record of one resource type: pure data, from which reading, paging, permissions, edges and rule checks follow.

Adding a type to the auditor is adding one ``ResourceType`` to a module of ``auditor.types``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Schema: TypeAlias = "str | tuple[str, ...] | list[Schema] | dict[str, Schema]"
"""What a property holds: a scalar by name, an enumeration as a tuple (of two words, the first
is also what a source may call true), ``[x]`` a list of x, a mapping a block by property name,
``{"*": x}`` a free-form mapping from any key to x."""

STRING: Final = "string"
INTEGER: Final = "integer"
NUMBER: Final = "number"
BOOLEAN: Final = "boolean"
TIMESTAMP: Final = "timestamp"
"""ISO 8601 text with its offset, UTC as ``Z``."""
JSON: Final = "json"
"""Any document: policies, definitions. A source that holds it as text parses it."""
SCRIPT: Final = "script"
"""A script in plain text. Sources hold it in base64."""
SCALARS: Final = (STRING, INTEGER, NUMBER, BOOLEAN, TIMESTAMP, JSON, SCRIPT)


@dataclass(frozen=True, slots=True)
class Fold:
    """A satellite that belongs into its owner: a route into its table, a bucket policy into its bucket.

    ``type`` is the satellite's CloudFormation or Terraform type; ``owner`` the satellite's property (Terraform: attribute) that
    names the owner; ``into`` the owner's property it becomes, ending in ``[]`` where it is appended to a list, empty where its
    properties become the owner's own. ``names`` maps as in ``Terraform``, relative to ``into``.
    """

    type: str
    owner: str
    into: str
    names: Mapping[str, str] = field(default_factory=dict)


SINCE: Final = "{since}"
"""Stands in a call's parameters for a time, as ISO 8601 text: nothing made earlier is asked for."""

ACCOUNT_ID: Final = "{account}"
"""Stands in a call's parameters for the id of the account that is read."""


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS API operation of a type's reading.

    ``operation`` is ``service:Operation`` in botocore's names. ``params`` are sent as they are; ``args`` maps a request member to
    where its value stands in the item listed (a path into the answer's item, or ``""`` for an item that is itself the value; one
    through a list gives all of its values).
    ``result`` is the path in the answer: of the items for a listing (``NotebookInstances[]``), of the one thing otherwise (empty:
    the whole answer). ``into`` places the result at that member of the item, so that ``names`` can find it. ``absent`` lists error
    codes that mean "not set" rather than "not read"; where one code means both, ``code: `` and how the message begins. ``empty``
    is the answer that says "not set" by holding nothing: an XML element's name, or ``{}``. ``provides`` names the top-level
    properties (or ``runtime.X``) that are unread where this call fails; empty means every declared property that no other call
    provides.

    Of one item, a ``result`` that ends in ``[]`` is a list gathered from all pages. A ``scout`` is asked of every item listed, the
    others only of what belongs to the estate: its answer tells whether the item does. A value ``SINCE`` in ``params`` stands for
    the time before which jobs are out. ``form`` is ``csv`` where the result is a table in that form, whose rows are the items.
    """

    operation: str
    params: Mapping[str, object] = field(default_factory=dict)
    args: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    into: str = ""
    absent: tuple[str, ...] = ()
    empty: str = ""
    provides: tuple[str, ...] = ()
    scout: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """How a type is read from an account: one listing, then calls for each item where the listing does not tell enough.

    ``names`` maps a declared (or ``runtime.``) path to its place in the answer, relative to the enclosing value, wherever the two
    differ; ``.`` stands for the enclosing value itself. Empty: an account tells it elsewhere, so it is absent here. ``untold`` are
    the properties that none of the calls tells: they are unknown, and whoever writes a rule on one adds its call. ``arn`` is
    the answer's member with the ARN, or a pattern with ``{partition}``, ``{account}``, ``{region}`` and the item's own members.
    ``actions`` are the IAM actions of the calls where they are not simply ``service:Operation`` (``s3:ListAllMyBuckets``). A
    ``scope`` of ``global`` is read once per account.

    ``parents`` lists what holds the items, where those can only be listed by parent: ``listing`` is then asked once for each, its
    ``args`` filled from the parent, and each item has its parent's members beside its own. ``prepare`` is asked first, again and
    again until its ``State`` says ``COMPLETE``: a report that AWS makes on demand.
    """

    listing: Call
    each: tuple[Call, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    arn: str = ""
    scope: str = "region"
    actions: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    """Path of the item's own region, for types listed globally that live in one (buckets)."""
    untold: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Properties that an answer may lack though they are set, each with the path of the error that it has instead."""
    parents: Call | None = None
    prepare: Call | None = None
    lacking: tuple[str, ...] = ()
    """Regions that do not have the service: there is none of the type, and nothing is asked."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """The type in Terraform's ``aws`` provider.

    A declared property's attribute is its name in snake case, unless ``names`` says otherwise; a block is a list of one there.
    ``names`` maps a declared path to an attribute path relative to the enclosing value (``.``: the enclosing value itself;
    empty: the provider has no such attribute). An attribute path ending in ``{}`` is a map there and a list of name and value
    pairs here. ``computed`` lists the blocks that a plan calls unknown where none is configured, beside those that ``folds`` may
    fill; any other unknown block comes from the configuration. ``also`` are the provider's other resources that are one of these:
    older names, and those that take over what AWS made by itself (``aws_default_route_table``). ``defaults`` are what the provider
    sends for a property that is not set, by its declared path, where AWS by itself would take something else.
    """

    type: str
    names: Mapping[str, str] = field(default_factory=dict)
    folds: tuple[Fold, ...] = ()
    computed: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """Everything the auditor knows about one type of resource.

    ``identifiers`` are the properties by which others name it, the first its primary one. ``references`` maps the path of a
    property to the types it may name. ``defaults`` are what AWS takes where a property is absent. ``properties`` is the schema;
    ``runtime`` the schema of what only the API knows. ``source`` is the AWS page or schema the record was taken from.

    The rest says how a resource gets into the estate, which is what machine learning is and all that it reaches along
    ``references``. ``ml`` marks what is machine learning itself, and makes its region one to read in full. ``everywhere`` marks
    what is looked at wherever there is any: trails, detectors, users, settings of an account or a region. ``part_of`` are the
    paths of references to an owner with which it belongs: a route table to its VPC, an alarm to its endpoint. ``marks`` maps a
    path to a regular expression that, found in the value there (of a document: in its JSON), makes it belong by itself: a role
    that SageMaker may assume, a log group under ``/aws/sagemaker/``.
    """

    name: str
    title: str
    source: str
    identifiers: tuple[str, ...] = ()
    properties: Mapping[str, Schema] = field(default_factory=dict)
    runtime: Mapping[str, Schema] = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    folds: tuple[Fold, ...] = ()
    live: Live | None = None
    terraform: Terraform | None = None
    cloudformation: bool = True
    """Whether CloudFormation has the type at all (it has no accounts)."""
    ml: bool = False
    everywhere: bool = False
    part_of: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)

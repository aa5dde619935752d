"""``auditor.yaml``: found from the working directory up to the repository's root, checked strictly."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic import BaseModel

    from auditor.files.errors import InputError
    from auditor.files.yaml import Node

NAME: Final = "auditor.yaml"


def load_config() -> dict[str, dict[str, Any]]:
    """The file's settings as click's default map: flags and environment variables come before them.

    Raises ``InputError`` with file, line and key for anything that is not a setting.
    """
    settings = {key: value for key, value in _settings().items() if key != "parameters"}
    commands: dict[str, dict[str, Any]] = dict.fromkeys(("scan", "gate", "snapshot", "explain", "permissions"), settings)
    return {**commands, "rules": dict.fromkeys(("list", "show", "docs"), settings)}


def parameters() -> dict[str, dict[str, object]]:
    """The file's rule parameters, by rule id and name."""
    found: dict[str, dict[str, object]] = _settings().get("parameters", {})
    return found


def located(error: InputError) -> InputError:
    """``error``, about one of the ``parameters``, with the place in the file that sets it."""
    from auditor.files.errors import InputError
    from auditor.files.yaml import compose, read_text

    path = find_config(Path.cwd())
    if error.file or path is None:
        return error
    key = ("parameters", *error.key.split("."))
    line, column = _place(compose(read_text(path), str(path)), key)
    return InputError(error.message, file=str(path), line=line, column=column, key=".".join(key))


def schema() -> dict[str, Any]:
    """The file's JSON Schema."""
    return _model().model_json_schema()


def find_config(start: Path) -> Path | None:
    """The nearest ``auditor.yaml`` at or above ``start``, no higher than the repository that ``start`` lies in.

    Outside a repository that is ``start`` alone: what lies above, say in a folder for temporary files, may be anybody's.
    """
    folders = (start, *start.parents)
    root = next((folder for folder in folders if (folder / ".git").exists()), start)
    for folder in folders:
        if (folder / NAME).is_file():
            return folder / NAME
        if folder == root:
            break
    return None


@cache
def _settings() -> dict[str, Any]:
    path = find_config(Path.cwd())
    if path is None:
        return {}
    from pydantic import ValidationError

    from auditor.files.errors import InputError, closest
    from auditor.files.yaml import compose, read_text

    node = compose(read_text(path), str(path))
    model = _model()
    try:
        checked = model.model_validate(node.plain_value() if node is not None else {})
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(node, first["loc"])
        message = first["msg"]
        if not first["loc"]:
            message = "a mapping of settings expected"
        elif first["type"] == "extra_forbidden":
            message = f"no such setting{closest(str(first['loc'][-1]), set(model.model_fields))}"
        key = ".".join(str(part) for part in first["loc"])
        raise InputError(message, file=str(path), line=place[0], column=place[1], key=key) from error
    settings: dict[str, Any] = checked.model_dump(exclude_none=True, by_alias=True)
    if "folders" in settings:
        settings["folders"] = [str(path.parent / folder) for folder in settings["folders"]]
        for number, folder in enumerate(settings["folders"]):
            if not Path(folder).is_dir():
                line, column = _place(node, ("rules_from", number))
                raise InputError(f"no such folder: {folder}", file=str(path), line=line, column=column, key="rules_from")
    if "attestations" in settings:
        settings["attestations"] = str(path.parent / settings["attestations"])
        if not Path(settings["attestations"]).is_file():
            line, column = _place(node, ("attestations",))
            message = f"no such file: {settings['attestations']}"
            raise InputError(message, file=str(path), line=line, column=column, key="attestations")
    return settings


def _place(node: Node | None, location: tuple[int | str, ...]) -> tuple[int, int]:
    place = (node.line, node.column) if node is not None else (0, 0)
    for part in location:
        if node is None:
            break
        if isinstance(part, int):
            node = node.items[part] if part < len(node.items) else None
        else:
            key = next((name for name, _ in node.pairs if name.content == part), None)
            place = (key.line, key.column) if key is not None else place
            node = node.get(part)
            continue
        place = (node.line, node.column) if node is not None else place
    return place


@cache
def _model() -> type[BaseModel]:
    from typing import Literal

    from pydantic import BaseModel, ConfigDict, Field

    class Config(BaseModel):
        """Settings of a repository or a team. Flags come before environment variables, those before this file."""

        model_config = ConfigDict(extra="forbid", title="auditor.yaml", populate_by_name=True)

        rules_from: list[str] | None = Field(None, serialization_alias="folders", description="Folders with your own rules.")
        parameters: dict[str, dict[str, Any]] | None = Field(None, description="Values for rules' parameters, by rule id.")
        fail_on: Literal["critical", "high", "medium", "low", "none"] | None = Field(None, description="As --fail-on.")
        fail_on_unknown: bool | None = Field(None, description="As --fail-on-unknown.")
        regions: list[str] | None = Field(None, description="The regions to read; all enabled ones where empty.")
        attestations: str | None = Field(None, description="A file of attestations, as --attestations.")

    return Config

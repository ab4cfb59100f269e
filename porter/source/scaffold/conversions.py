"""Request fields as Go expressions: what a service method hands to its store."""

from __future__ import annotations

from dataclasses import dataclass, field

from porter.core.endpoint import go_camel
from porter.source.checkout.entities import Entities
from porter.source.golang import StructField
from porter.source.scaffold.arguments import Argument
from porter.source.scaffold.initialisms import local


@dataclass
class Body:
    """A method body while it is put together: paragraphs, packages used, what was left out."""

    entities: Entities
    protos: str
    request: str
    paragraphs: list[list[str]] = field(default_factory=list)
    packages: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    helpers: frozenset[str] = frozenset()
    """Functions of the checkout's utils package that may be called."""
    locals: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Request fields that stand in a variable already."""
    regexes: dict[str, str] = field(default_factory=dict)
    """Patterns that the file must declare, by name."""

    def add(self, *lines: str) -> None:
        """A paragraph; the packages it names are remembered."""
        self.paragraphs.append(list(lines))
        for line in lines:
            self.uses(line)

    def uses(self, text: str) -> None:
        """Remember the packages that a piece of code names."""
        for name in ("entities", "models", "utils", "fmt", "strings"):
            if f"{name}." in text:
                self.packages.add(name)


def getter(path: tuple[str, ...]) -> str:
    """`input.GetRunId()`, nested fields behind it."""
    return "input" + "".join(f".Get{go_camel(part)}()" for part in path)


def expression(body: Body, argument: Argument) -> str:
    """The Go expression of an argument; what it needs before goes into the body."""
    path = argument.path
    match argument.how:
        case "plain" if argument.fallback:
            return _fallback(body, argument)
        case "plain" | "enum":
            return body.locals.get(path) or getter(path)
        case "pointer":
            return f"input.{go_camel(path[-1])}"
        case "named":
            return _used(body, f"{argument.type}({getter(path)})")
        case "enum_text":
            return _enum(body, argument)
        case "entity":
            found = body.entities.conversion(argument.entity)
            if found:
                return _used(body, f"entities.{found.name}({getter(path)})")
            return _missing(body, argument)
        case "entities":
            return _entities(body, argument)
        case "made":
            return _made(body, argument)
        case _:
            return _missing(body, argument)


def _used(body: Body, text: str) -> str:
    body.uses(text)
    return text


def _fallback(body: Body, argument: Argument) -> str:
    assert argument.fallback is not None
    name = argument.name
    if argument.path in body.locals:
        return body.locals[argument.path]
    body.locals[argument.path] = name
    body.add(
        f"{name} := {getter(argument.path)}",
        f'if {name} == "" {{',
        f"\t{name} = {getter((argument.fallback,))}",
        "}",
    )
    return name


def _enum(body: Body, argument: Argument) -> str:
    text = f"{getter(argument.path)}.String()"
    if not argument.nullable or len(argument.path) != 1:
        return text
    name = argument.name
    body.add(
        f"var {name} string",
        f"if input.{go_camel(argument.path[0])} != nil {{",
        f"\t{name} = {text}",
        "}",
    )
    return name


def _entities(body: Body, argument: Argument) -> str:
    source = getter(argument.path)
    slices = body.entities.conversion(argument.entity, many=True)
    if slices:
        return _used(body, f"entities.{slices.name}({source})")
    one = body.entities.conversion(argument.entity)
    if one is None:
        return _missing(body, argument)
    item = singular(argument.name)
    body.add(
        f"{argument.name} := make({argument.type}, 0, len({source}))",
        f"for _, {item} := range {source} {{",
        f"\t{argument.name} = append({argument.name}, entities.{one.name}({item}))",
        "}",
    )
    return argument.name


def singular(name: str) -> str:
    """The name of one of many: `tags` → `tag`; a name that is no plural gets `item`."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith("s") and not name.endswith("ss"):
        return local(name[:-1]) if name[:-1].islower() else name[:-1]
    return "item"


def _made(body: Body, argument: Argument) -> str:
    """An entity of single request fields: a function that takes the request, else a literal."""
    whole = body.entities.conversion(body.request)
    if whole is not None and whole.entity == argument.entity:
        return _used(body, f"entities.{whole.name}(input)")
    place = body.entities.structs.get(argument.entity)
    package = argument.type.lstrip("*").partition(".")[0]
    rows = []
    for attribute, part in argument.parts:
        assert part.field is not None
        if package != "entities":
            rows.append((part.field.go_name, f"input.{part.field.go_name}"))
            continue
        target = attribute_of(place[1].fields if place else (), attribute)
        if target is None:
            body.notes.append(f"entities.{argument.entity} has no field for {attribute}")
            continue
        pointer = target.type.startswith("*")
        value = f"input.{part.field.go_name}" if pointer else getter(part.path)
        rows.append((target.name, value))
    width = max((len(name) for name, _ in rows), default=0)
    body.add(
        f"{argument.name} := &{argument.type.lstrip('*')}{{",
        *(f"\t{name}:{' ' * (width - len(name))} {value}," for name, value in rows),
        "}",
    )
    return argument.name


def attribute_of(fields: tuple[StructField, ...], name: str) -> StructField | None:
    """The field of a Go entity that stands for a Python attribute, or None."""
    wanted = name.replace("_", "").lower()
    return next((f for f in fields if f.name.lower() == wanted), None)


def _missing(body: Body, argument: Argument) -> str:
    """A zero value that compiles, and a line that says what belongs there."""
    what = argument.python or argument.name
    body.notes.append(f"{what}: no conversion is known, the store gets a zero value")
    body.add(
        f"// TODO(porter): {what} is handed on in a form that porter cannot mirror.",
        f"var {argument.name} {argument.type}",
    )
    return argument.name

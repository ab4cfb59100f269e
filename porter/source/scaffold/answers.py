"""What the store answered as the Go response: conversions, lists, page tokens."""

from __future__ import annotations

from porter.source.scaffold.conversions import Body, singular
from porter.source.scaffold.initialisms import local
from porter.source.scaffold.results import Result


def variables(results: tuple[Result, ...], taken: set[str]) -> tuple[str, ...]:
    """The names of the store's answers, apart from those that stand already."""
    names = []
    for result in results:
        name = local(result.field.name)
        names.append(f"{name}Result" if name in taken else name)
    return tuple(names)


def answer(body: Body, response: str, results: tuple[Result, ...], names: tuple[str, ...]) -> None:
    """The paragraphs that build the response and return it. `response` is `protos.X_Response`."""
    rows = [(r, n) for r, n in zip(results, names, strict=True) if r.form != "token"]
    tokens = [(r, n) for r, n in zip(results, names, strict=True) if r.form == "token"]
    lists = [(r, n) for r, n in rows if r.form == "entities"]
    if not results:
        body.add(f"return &{response}{{}}, nil")
        return
    if not lists and not tokens:
        body.add(
            f"return &{response}{{",
            *_aligned([(r.field.go_name, _value(body, r, n)) for r, n in rows]),
            "}, nil",
        )
        return
    made = [
        (
            r.field.go_name,
            f"make([]*{body.protos}.{r.message}, len({n}))"
            if r.form == "entities"
            else _value(body, r, n),
        )
        for r, n in rows
    ]
    first = [f"response := {response}{{", *_aligned(made), "}"]
    for result, name in tokens:
        field = result.field.go_name
        first += [f'if {name} != "" {{', f"\tresponse.{field} = &{name}", "}"]
    body.add(*first)
    for result, name in lists:
        item = singular(name)
        body.add(
            f"for i, {item} := range {name} {{",
            f"\tresponse.{result.field.go_name}[i] = {item}.ToProto()",
            "}",
        )
    body.add("return &response, nil")


def _value(body: Body, result: Result, name: str) -> str:
    match result.form:
        case "entity":
            return f"{name}.ToProto()"
        case "scalar":
            return f"utils.PtrTo({name})" if "PtrTo" in body.helpers else f"&{name}"
        case _:
            return name


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return [f"\t{name}:{' ' * (width - len(name))} {value}," for name, value in rows]

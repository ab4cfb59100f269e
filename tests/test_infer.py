"""The contract's document, the Python passages, and code that nobody foresaw."""

from __future__ import annotations

import ast
import json

import asking
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porter.infer import explain, infer, infer_all, inferred
from porter.source.constraints import served
from porter.source.mlflow import index
from porter.source.protos import catalog

BODY = """
def _ask():
    request = _get_request_message(Ask(), schema={"name": [_assert_required]})
    if len(request.name) > 4:
        raise MlflowException("long")
"""


def test_the_document_is_the_contracts() -> None:
    view = asking.tree(BODY)
    known = catalog(view)
    document = infer(view, known.endpoints[0], known)
    assert list(document) == ["endpoint", "message", "constraints", "rules", "notes"]
    assert (document["endpoint"], document["message"]) == ("MlflowService/ask", "Ask")
    first = document["constraints"][0]
    assert list(first) == ["field", "kind", "value", "conditional", "certain", "evidence"]
    assert list(first["evidence"][0]) == ["file", "line", "text"]
    assert document["rules"] == [
        {"key": "Ask_Name", "rule": "required,max=4", "certain": True,
         "strict": "notEmpty,required,max=4"},
    ]  # fmt: skip
    assert all(list(note) == ["field", "code", "text", "evidence"] for note in document["notes"])
    assert json.loads(json.dumps(document)) == document


def test_all_is_every_rpc_that_is_served() -> None:
    view = asking.tree(BODY)
    known = catalog(view)
    assert [d["endpoint"] for d in infer_all(view, known)] == ["MlflowService/ask"]
    assert [e.id for e in served(index(view), known)] == ["MlflowService/ask"]


def test_explain_shows_the_passages() -> None:
    view = asking.tree(BODY)
    known = catalog(view)
    found, _ = inferred(view, known.endpoints[0], known)
    text = "\n".join(explain(view, found, "name"))
    assert "name: max_length 4" in text
    assert any(line.startswith("> ") and "long" in line for line in text.splitlines())


NAMES = ("request", "request.name", "request.count", "request.ids", "x", "y", "z")
expressions = st.recursive(
    st.sampled_from(
        [*NAMES, "1", "'a'", "None", "[]", "{}", "(lambda v: v)", "_get_tracking_store()"]
    ),
    lambda inner: st.one_of(
        st.builds("{} or {}".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("len({})".format, inner),
        st.builds("({}).get({})".format, inner, inner),
        st.builds("[v for v in ({}) if v == {}]".format, inner, inner),
        st.builds("{{k: {} for k in ({})}}".format, inner, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({})[:{}]".format, inner, inner),
        st.builds("({}) < ({}) <= 3".format, inner, inner),
        st.builds("({}) not in ({})".format, inner, inner),
        st.builds("isinstance({}, (str, int))".format, inner),
        st.builds("int({})".format, inner),
        st.builds("re.match('a', {})".format, inner),
        st.builds("({}).ask(*{}, **{})".format, inner, inner, inner),
        st.builds("f'{{{}}}'".format, st.sampled_from(NAMES)),
        st.builds("(w := {})".format, inner),
        st.builds("any(v for v in ({}))".format, inner),
    ),
    max_leaves=6,
)
RAISE = "raise MlflowException('no')"


def blocks(depth: int = 2) -> st.SearchStrategy[list[str]]:
    plain = st.one_of(
        st.builds("x = {}".format, expressions),
        st.builds("y, z = {}".format, expressions),
        st.builds("x += {}".format, expressions),
        st.builds("z.append({})".format, expressions),
        st.builds("return {}".format, expressions),
        st.builds("assert {}".format, expressions),
        st.just(RAISE),
        st.just("continue_ = yield_ = 1"),
        st.just("class Inner: pass"),
        st.just("global g"),
        st.just("del x"),
    ).map(lambda line: [line])
    if depth == 0:
        return plain
    inner = blocks(depth - 1)
    heads = st.one_of(
        st.builds("if {}:".format, expressions),
        st.builds("for x in {}:".format, expressions),
        st.builds("while {}:".format, expressions),
        st.builds("with {} as y:".format, expressions),
        st.just("def helper(x, *rest, k=1, **more):"),
    )

    def under(head: str, body: list[str]) -> list[str]:
        return [head, *("    " + line for line in body)]

    def tried(body: list[str], handler: list[str]) -> list[str]:
        return [*under("try:", body), *under("except ValueError as e:", handler)]

    def matched(subject: str, body: list[str]) -> list[str]:
        return [f"match {subject}:", "    case 'a' | 1:", *("        " + line for line in body)]

    several = st.lists(inner, min_size=1, max_size=3).map(
        lambda many: [x for one in many for x in one]
    )
    return st.one_of(
        plain,
        st.builds(under, heads, several),
        st.builds(tried, several, several),
        st.builds(matched, expressions, several),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(blocks(), min_size=1, max_size=4))
def test_any_function_is_inferred_or_said_to_be_unread(parts: list[list[str]]) -> None:
    lines = ["def _ask():", "    request = _get_request_message(Ask())"]
    lines += ["    " + line for part in parts for line in part]
    body = "\n".join(lines)
    ast.parse(body)
    found, endpoint, known = asking.asked(asking.tree(body))
    assert not [note for note in found.notes if note.code == "P309"], body
    fields = {field.name for field in endpoint.request.fields}
    assert all(one.field.split(".")[0] in fields for one in found.constraints)
    assert known is not None


def test_a_store_that_does_not_parse_is_said_and_the_rest_is_read() -> None:
    body = BODY + "    _get_tracking_store().ask(request.other)\n"
    view = asking.tree(body, files={"mlflow/store/tracking/sqlalchemy_store.py": "def ("})
    found, _, _ = asking.asked(view)
    assert {one.kind for one in found.constraints} == {"required", "max_length"}
    assert [note.code for note in found.notes if note.code != "P308"] == ["P302"]

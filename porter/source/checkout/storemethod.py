"""An endpoint's store method: what it is called, and where it stands in interface and SQL."""

from __future__ import annotations

from dataclasses import dataclass

from porter.core.layout import Layout, Store
from porter.core.task import Task
from porter.core.view import View
from porter.source.checkout.stores import interfaces, sql_files
from porter.source.golang import Func, GoParam, parse
from porter.source.golang.gosignature import CONTEXT
from porter.source.remember import once_a_task
from porter.source.scaffold.service import existing, store_calls
from porter.source.scaffold.signatures import Signature, signature


@dataclass(frozen=True, slots=True)
class Standing:
    """A method where it stands."""

    path: str
    line: int
    func: Func


@once_a_task
def standing_signature(task: Task) -> Signature | None:
    """The signature the store method has by the rules, under the name the service calls it by.

    A port that a person made may call it something else; its name is the last store method that
    the service method calls and the interface has. None where the endpoint needs no store.
    """
    wanted = signature(task)
    store = task.service.store
    found = existing(task)
    if wanted is None or store is None or found is None:
        return wanted
    calls = store_calls(task, *found)
    if not calls or wanted.name in calls:
        return wanted
    declared = {m.name for _, i in interfaces(task.tree, task.layout, store) for m in i.methods}
    named = [name for name in calls if name in declared]
    if not named:
        return wanted
    return Signature(named[-1], wanted.params, wanted.results, wanted.imports, wanted.context)


def in_interface(tree: View, layout: Layout, store: Store, name: str) -> Standing | None:
    """The method in the store's interface or one that it embeds, or None."""
    for file, found in interfaces(tree, layout, store):
        method = found.method(name)
        if method is not None:
            return Standing(file.path, method.line, method)
    return None


def in_sql(tree: View, store: Store, name: str) -> Standing | None:
    """The method of the SQL store's type, pointer or not, or None."""
    for path in sql_files(tree, store):
        found = parse(tree, path).function(name, store.receiver.type)
        if found is not None:
            return Standing(path, found.line, found)
    return None


def declared(wanted: Signature) -> list[GoParam]:
    """The parameters of a signature, the context first where the checkout has one."""
    params = [GoParam(param.name, param.type) for param in wanted.params]
    return [CONTEXT, *params] if wanted.context else params

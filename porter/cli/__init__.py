"""The command line: parse, call, exit code. Typer lives here and nowhere else."""

from __future__ import annotations

import gc
import json
import sys
import traceback

import typer

from porter.cli import (
    briefing,
    checking,
    inferring,
    linting,
    reading,
    setting_up,
    testing,
    walking,
)
from porter.errors import Exit, PorterError

app = typer.Typer(
    name="porter",
    help="Port an MLflow endpoint from Python to Go in a checkout of mlflow-go, step by step.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (walking, briefing, checking, testing, reading, inferring, linting, setting_up):
    for command in module.COMMANDS:
        app.command()(command)


@app.callback(invoke_without_command=True)
def _porter(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version."),
) -> None:
    """Port an MLflow endpoint from Python to Go in a checkout of mlflow-go, step by step."""
    if version:
        from porter import __version__

        typer.echo(f"porter {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line; every way out has one of the design's exit codes."""
    # What a command reads it needs to its end: looking for waste took a third of `infer --all`.
    gc.set_threshold(200_000)
    sys.exit(run(sys.argv[1:]))


def run(argv: list[str]) -> int:
    """Run one command. Errors end with their next move, a bug leaves its traceback in a file."""
    try:
        result = typer.main.get_command(app).main(
            _where_first(argv), "porter", standalone_mode=False
        )
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return Exit.INTERRUPTED
    except typer.BadParameter as error:
        return _refuse(error.format_message(), "porter --help", Exit.USAGE, argv)
    except PorterError as error:
        return _refuse(error.message, error.next, error.exit, argv)
    except KeyboardInterrupt:
        return _refuse("interrupted", "start again to go on", Exit.INTERRUPTED, argv)
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except OSError as error:
        return _unwritable(error, argv)
    except Exception as error:  # the outermost frame: a bug must leave a report, not a stack
        said = getattr(error, "format_message", None)  # click's own, in typer's copy of it or not
        if callable(said):
            return _refuse(said(), "porter --help", Exit.USAGE, argv)
        return _bug(error, argv)
    return int(result or 0)


def _where_first(argv: list[str]) -> list[str]:
    """`porter -C DIR status` is `porter status -C DIR`, as people know it from git."""
    if len(argv) > 2 and argv[0] == "-C":
        return [argv[2], "-C", argv[1], *argv[3:]]
    return argv


def _refuse(message: str, move: str, code: int, argv: list[str]) -> int:
    if "--json" in argv or "--format=json" in argv:
        typer.echo(json.dumps({"error": message, "next": move, "exit": int(code)}))
    typer.echo(f"porter: {message}", err=True)
    typer.echo(f"next: {move}", err=True)
    return int(code)


def _unwritable(error: OSError, argv: list[str]) -> int:
    from porter.work.disk_full import MOVE, UNWRITABLE

    if error.errno not in UNWRITABLE:
        return _bug(error, argv)
    what = f"{error.filename or 'a file'} cannot be written: {error.strerror}"
    return _refuse(what, MOVE, Exit.ENVIRONMENT, argv)


def _bug(error: Exception, argv: list[str]) -> int:
    from porter.work.cache import keep_report

    report = "".join(traceback.format_exception(error))
    place = keep_report(f"porter {' '.join(argv)}\n\n{report}")
    where = f"the traceback is in {place}" if place else report
    return _refuse(
        f"a bug in porter: {type(error).__name__}: {error}", f"report it; {where}", Exit.BUG, argv
    )

"""How the command line refuses: two lines and a code on standard error, never a traceback."""

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

import click

from app.founding.problems import FoundingFileRefused
from app.services.reporting import counted, plain
from governance.errors import RochdaleError

FAILED: Final = 1
"""Exit status: a check does not hold."""
REFUSED: Final = 2
"""Exit status: what was asked cannot be done, and was not."""
BROKEN: Final = 3
"""Exit status: a fault of Rochdale itself."""
INTERRUPTED: Final = 130
"""Exit status: stopped by Ctrl-C, as shells say it."""
UNREAD: Final = 141
"""Exit status: whoever read the output went away, as shells say it."""


class Commands(click.Group):
    """A group whose commands refuse in words, with a permanent code and an exit status that says who is at fault.

    A command's module is loaded when the command is wanted, so that none waits for what the others need.
    """

    def __init__(self, *args: Any, places: Mapping[str, str], **extra: Any) -> None:  # noqa: ANN401 - click's own signature
        """Take where each command is: `module:name`."""
        super().__init__(*args, **extra)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order."""
        del ctx
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, loaded now; None where there is none of this name."""
        del ctx
        if cmd_name not in self._places:
            return None
        module, _, name = self._places[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command line; a terminal that cannot show a letter shows its code."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **{"prog_name": "rochdale", **extra})

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command and turn whatever it raises into words."""
        debug = bool(ctx.params.get("debug"))
        # What the ledger logs for an operator would stand as a traceback among the words for people.
        logging.getLogger().addHandler(logging.StreamHandler() if debug else logging.NullHandler())
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            _say("\nStopped.")
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            _let_go(sys.stdout)
            ctx.exit(UNREAD)
        except (RochdaleError, OSError) as error:
            say_refusal(error)
            _let_go(sys.stdout)
            ctx.exit(REFUSED)
        except Exception as error:  # noqa: BLE001 - a fault of ours is said in words as well
            if debug:
                _say("".join(traceback.format_exception(error)).rstrip())
            _say("Something is wrong in Rochdale itself, not in what you did.")
            again = "the lines above" if debug else "what `rochdale --debug …` with the same command shows"
            _say(f"Please report it, with {again}. [internal_error]")
            ctx.exit(BROKEN)


def say_refusal(error: RochdaleError | OSError) -> None:
    """Say on standard error what was refused, and what to do."""
    for line in _words(error):
        _say(line)


def _words(error: RochdaleError | OSError) -> Sequence[str]:
    if isinstance(error, FoundingFileRefused):
        problems = counted(len(error.problems), "problem", "problems")
        return [*(plain(str(each)) for each in error.problems), f"{problems}; nothing was founded. [{error.code}]"]
    if isinstance(error, RochdaleError):
        return [error.title, f"{plain(error.detail)} [{error.code}]"]
    named = f" {plain(str(error.filename))}" if error.filename else ""
    return ["The system refused.", f"It said of{named or ' this'}: {error.strerror or error}. [system_refused]"]


def _say(line: str) -> None:
    try:
        click.echo(line, err=True)
    except OSError:
        # Nobody listens there either; the exit status still tells.
        _let_go(sys.stderr)


def _let_go(stream: TextIO | None) -> None:
    """Turn a stream that cannot be written to away, so that the interpreter does not complain of it when it ends."""
    try:
        if stream is not None:
            stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno() if stream is not None else 1)

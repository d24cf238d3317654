"""Starting the command line: `python -m app`, and what the `rochdale` command runs."""

import signal


def main() -> None:
    """Run the command line. Ctrl-C while its modules load ends it at once: there is nothing to tidy up yet."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli import main as run  # noqa: PLC0415 - loading is what Ctrl-C may interrupt

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()

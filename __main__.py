"""``python -m tastegraph``: the command line."""

from tastegraph.cli import main

if __name__ == "__main__":
    main()

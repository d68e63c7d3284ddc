"""`python -m engine.cli` is `tongban`."""

from engine.cli import main

main()

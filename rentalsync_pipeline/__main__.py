"""`python -m rentalsync_pipeline` is the command `rentalsync`."""

from rentalsync_pipeline.cli import main

main()

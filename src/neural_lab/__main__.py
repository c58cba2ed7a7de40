"""`python -m neural_lab`."""

from neural_lab.cli import main

main()

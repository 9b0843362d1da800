"""Entry points: the page, the command line, the notebooks."""

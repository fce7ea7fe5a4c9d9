"""`python -m clientsmith`: the command line, and nothing else."""

import sys

from clientsmith.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

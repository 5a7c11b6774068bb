"""`python -m analysis` is `khitab`."""

import sys

from analysis.cli import main

sys.exit(main())

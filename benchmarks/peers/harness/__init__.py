"""What measures; the peers themselves stand in `peers`."""

import sys

if sys.version_info < (3, 11):
    raise SystemExit("the comparison with peers needs Python 3.11 or newer")

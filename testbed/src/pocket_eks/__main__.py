import sys

from pocket_eks.cli import main

sys.exit(main())

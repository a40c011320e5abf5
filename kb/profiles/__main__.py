"""``python -m kb.profiles > docs/profiles.md``."""

import sys

from kb.profiles.page import as_markdown

if __name__ == "__main__":
    sys.stdout.write(as_markdown())

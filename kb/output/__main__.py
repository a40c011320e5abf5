"""``python -m kb.output FOLDER`` writes the schema files."""

import sys
from pathlib import Path

from kb.output.schemas import schema_files

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, text in schema_files().items():
    (folder / name).write_text(text, "utf-8")

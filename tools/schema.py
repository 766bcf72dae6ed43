"""Write analysis/results.schema.json, which says what results.json holds: `make schema`.

A test fails when the file is not what the result classes say.
"""

from analysis.record import export, schema

export.SCHEMA_FILE.write_text(schema.text(export.ResultsFile), encoding="utf-8")

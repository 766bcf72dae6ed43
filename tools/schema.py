"""Write the schemas of results.json, settings.yml and declarations from the classes: `make schema`.

A test fails when a file is not what the classes say.
"""

from analysis.base import settings
from analysis.portfolio import declaration
from analysis.record import export, schema

export.SCHEMA_FILE.write_text(schema.text(export.ResultsFile), encoding="utf-8")
settings.SCHEMA_FILE.write_text(schema.entries_text(settings.Settings), encoding="utf-8")
declaration.SCHEMA_FILE.write_text(schema.entries_text(declaration.Declaration), encoding="utf-8")

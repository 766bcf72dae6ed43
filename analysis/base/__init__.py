"""What every floor uses: errors, display, files, processes, progress, settings."""

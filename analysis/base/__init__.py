"""What every floor uses: errors, how figures are shown, files, parallel work, settings."""

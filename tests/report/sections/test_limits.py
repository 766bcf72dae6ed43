"""What the report cannot know: sentences branch by branch, tables by content."""

"""What was drawn: read from a figure's axes."""


def line(axes, label):
    """Return the line of this label."""
    (found,) = (each for each in axes.get_lines() if each.get_label() == label)
    return found


def ticks(axes):
    """Return the texts along the upright axis."""
    return [each.get_text() for each in axes.get_yticklabels()]

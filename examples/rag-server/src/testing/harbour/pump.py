"""Controls the bilge pump."""


def bilge_pump_interval(depth: float) -> int:
    """Return the minutes between two runs of the bilge pump."""
    return 15 if depth > 0.3 else 60

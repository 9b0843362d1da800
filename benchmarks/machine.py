"""How much of the machine a benchmark really had.

A virtual machine shares its processors: what the host gives to others shows as stolen
time, and what other processes take as load. Times by the clock mean little without it.
"""

from __future__ import annotations

import psutil


class Watch:
    """Shares of all processors since it was made."""

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def shares(self) -> dict[str, float]:
        """Busy, stolen by the host and idle, as shares of all processors. [1]."""
        now = psutil.cpu_times()
        spent = {
            name: getattr(now, name) - getattr(self._before, name)
            for name in now._fields
            if not name.startswith("guest")  # counted as the user's already
        }
        total = sum(spent.values()) or 1.0
        stolen = spent.get("steal", 0.0) / total
        idle = (spent["idle"] + spent.get("iowait", 0.0)) / total
        return {"busy": 1.0 - stolen - idle, "stolen": stolen, "idle": idle}

    def said(self) -> str:
        """The shares in one line."""
        parts = (f"{share:.0%} {name}" for name, share in self.shares().items())
        return f"processors meanwhile            {', '.join(parts)}"

"""What the figures were measured on."""

import os
import platform
from datetime import date
from pathlib import Path


def first_value(file: str, name: str) -> str:
    """The first `name : value` of a file of /proc."""
    for line in Path(file).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def system_name() -> str:
    """Debian, say, and which."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def describe() -> dict[str, str]:
    """Date, processor, cores, memory and kernel."""
    kilobytes = int(first_value("/proc/meminfo", "MemTotal").split()[0])
    return {
        "date": date.today().isoformat(),
        "processor": first_value("/proc/cpuinfo", "model name"),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{kilobytes / 1024 / 1024:.0f} GiB",
        "system": system_name(),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def load() -> str:
    """The load averages, which say whether somebody else was busy."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())

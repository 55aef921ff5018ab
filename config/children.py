"""Child processes that cannot outlive us: the kernel signals them when their parent dies.

Linux only (prctl). The "parent" is the *thread* that starts the child, so start children from
the main thread. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)  # loaded before any fork: dlopen is unsafe after one


def die_with_parent(how: signal.Signals) -> None:
    """Ask the kernel to send `how` to this process when its parent dies."""
    if _LIBC.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def tied_to_this_process(how: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that ties the child to the process that calls this function.

    A change of user clears the tie; subprocess changes the user before it calls us.
    """
    parent = os.getpid()

    def preexec() -> None:
        die_with_parent(how)
        if os.getppid() != parent:  # it died between fork and prctl: nobody would tell us
            os._exit(1)

    return preexec

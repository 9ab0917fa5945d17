"""What this desk's menu offers, in the order of the work."""

from kehou.lib.menus import Entry, Group  # noqa: F401
from kehou.rules.permissions import Permission as P  # noqa: F401

MENU: tuple[Group, ...] = ()

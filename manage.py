#!/usr/bin/env python
"""Django's command line."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from kehou.lib import home

    if home.is_demonstration(sys.argv[1:], os.environ):
        os.environ["DEMONSTRATION"] = "True"
        print("演示区：没有设置 SECRET_KEY，使用本文件夹里的演示数据。", file=sys.stderr)
    try:
        from django.conf import settings

        settings.configured or settings.DEMONSTRATION  # read them here, where what is missing can be said in a line
    except ImproperlyConfigured as missing:
        sys.exit(f"{missing}")
    execute_from_command_line(sys.argv)

#!/usr/bin/env python
"""Django's command line."""

import os
import sys
from importlib import import_module

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit(
            "这个 Python 里没有安装所需的软件包：请用 .venv/bin/python manage.py …；还没有 .venv 时先运行 make run。"
        )

    from kehou.lib import home

    if home.is_demonstration(sys.argv[1:], os.environ):
        os.environ["DEMONSTRATION"] = "True"
        sys.stderr.write("演示区：没有设置 SECRET_KEY，使用本文件夹里的演示数据。\n")
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])  # what is missing is said in a line, not in a trace
    except ImproperlyConfigured as missing:
        sys.exit(f"{missing}")
    execute_from_command_line(sys.argv)

"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from kehou.config.checks import insist_on_safe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")

application = get_wsgi_application()
insist_on_safe_settings()

"""What a server refuses to start with; the commands of Django check, granian does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kehou.config.checks import insist_on_safe_settings, papers_can_be_verified

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"SECRET_KEY": "s" * 50, "FIELD_KEYS": ["1f" * 32], "ALLOWED_HOSTS": ["kehou.example"]}


def serve(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Load the application as a server does."""
    environment = {"KEHOU_VAR": str(tmp_path), "PATH": "/usr/bin:/bin", **settings}
    words = [sys.executable, "-c", "import kehou.config.wsgi"]
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_a_demonstration_is_not_served_under_a_name_that_is_not_this_machines(tmp_path):
    refused = serve(tmp_path, DEMONSTRATION="True", ALLOWED_HOSTS="kehou.example")
    assert refused.returncode != 0
    assert "kehou.E001" in refused.stderr


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"SECRET_KEY": "short"}, "kehou.E002"),
        ({"SECRET_KEY": "demonstration-" + "0" * 50}, "kehou.E002"),
        ({"FIELD_KEYS": ["1f" * 32, "00" * 32]}, "kehou.E003"),
        ({"FIELD_KEYS": ["1f" * 32, "password"]}, "kehou.E004"),
        ({"FIELD_KEYS": ["1f" * 31]}, "kehou.E004"),
        ({"DEBUG": True}, "kehou.E005"),
        ({"ALLOWED_HOSTS": []}, "kehou.E006"),
        ({"ALLOWED_HOSTS": ["kehou.example", "*"]}, "kehou.E006"),
    ],
)
def test_nothing_is_served_with_keys_that_everybody_knows_or_doors_that_stand_open(settings, changed, why):
    settings.DEMONSTRATION = False
    for name, value in (KEYS | changed).items():
        setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=why):
        insist_on_safe_settings()


def test_a_house_with_keys_of_its_own_is_served(settings):
    settings.DEMONSTRATION = False
    for name, value in KEYS.items():
        setattr(settings, name, value)
    insist_on_safe_settings()


def test_an_installation_without_its_public_address_is_warned_that_papers_carry_no_code(settings) -> None:
    settings.PUBLIC_ADDRESS = ""
    (warning,) = papers_can_be_verified(None)
    assert warning.id == "kehou.W001" and "PUBLIC_ADDRESS" in warning.msg
    settings.PUBLIC_ADDRESS = "https://kehou.example"
    assert papers_can_be_verified(None) == []

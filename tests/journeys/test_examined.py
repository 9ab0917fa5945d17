"""axe-core is spared only what some process of this run has taken on already."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.examined import Examined


def test_a_page_is_examined_once_in_all_processes_and_again_with_a_new_part(tmp_path: Path) -> None:
    one, other = Examined(tmp_path / "examined"), Examined(tmp_path / "examined")
    page = {(360, True, "/school/#/", 200), (360, True, "main > p")}
    error = (360, True, "main > p.error")
    assert one.take_on(page) == page
    assert not one.take_on(page)
    assert not other.take_on(page)
    assert other.take_on({*page, error}) == {error}
    assert not one.take_on({*page, error})
    assert one.take_on({(1280, True, "main > p")})

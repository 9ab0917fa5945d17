"""Somebody in front of a browser: walks through the demonstration and has every page examined on arrival."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.journeys.examined import Examined

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
GRAVE = ("serious", "critical")

SIDEWAYS = """[...document.querySelectorAll("main .listing__frame")]
    .filter(one => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
    .map(one => one.getAttribute("aria-label"))"""
# What a page is made of: every tag with its classes, role, kind and states, under its parent; not its words or numbers.
PARTS = """const said = one => [one.localName, ...[...one.classList].sort(), ...["role", "type", "disabled", "open", "hidden",
    "aria-disabled", "aria-invalid", "aria-pressed", "aria-current", "aria-expanded", "aria-sort"].filter(
    name => one.hasAttribute(name)).map(name => name + "=" + one.getAttribute(name))].join(" ");
  const part = one => said(one.parentElement) + " > " + said(one);
  const parts = [...document.body.querySelectorAll("*")].filter(one => !one.closest("svg > *") && one.checkVisibility());"""
OUTLINE = f"() => {{ {PARTS} return [...new Set(parts.map(part))].sort(); }}"
# A few of each new part, or the whole page: rules about a page as such run only there.
EXAMINE = f"""([news, rules]) => {{ {PARTS}
  const some = news.flatMap(one => parts.filter(it => part(it) === one).slice(0, 5));
  return axe.run(some.length ? {{include: some}} : document, rules);
}}"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
NO_COMPLAINT = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")


class Visitor:
    """One browser window at one address.

    Every page arrived at must answer below 400 (or with the refusal that was expected), must not stick out at 360 nor
    at 1280 pixels nor hold a list that has to be pushed sideways on a phone, must give axe-core no serious finding, and
    must neither complain in the console nor ask another host. One walks at one size; a page of a make that nobody has
    seen at the other size is looked at there too, in the same window.
    """

    def __init__(
        self, browser: Browser, address: str, *, size: dict[str, int], scripts: bool, axe: str, examined: Examined
    ) -> None:
        self._browser = browser
        self.address, self.size, self.scripts = address, size, scripts
        self._axe, self._examined = axe, examined
        self.complaints: list[str] = []
        self._status = 200
        touch = size is PHONE
        self.context = browser.new_context(
            base_url=address, viewport=size, java_script_enabled=scripts, locale="zh-CN", has_touch=touch
        )  # type: ignore[arg-type]
        self.context.set_default_timeout(8_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    # --- What the browser notices ---------------------------------------------------------------------------------

    def _heard(self, message: Any) -> None:
        # The browser itself notes each 4xx; whether that answer was expected is asked on arrival. A question that the
        # next stroke overtakes is given up on purpose (hx-sync), which htmx notes as well.
        if message.type in ("error", "warning") and not message.text.startswith(NO_COMPLAINT):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"{self.page.url} asks another host: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.request.is_navigation_request():
            self._status = response.status
        elif response.status >= 400:
            self.complaints.append(f"{self.page.url}: {response.status} from {response.url}")

    # --- Walking --------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, *, of: str = "") -> Visitor:
        """Become one of the demonstration's people, by one tap on its page; `of` tells namesakes apart."""
        self.go(f"/demonstration/?q={name}")
        row = self.page.locator("tr", has_text=of or name)
        with self.page.expect_navigation():
            row.get_by_role("button", name=f"以{name}登录", exact=True).first.click()
        return self.arrive()

    def sign_in_as(self, post: str, *, of: str) -> Visitor:
        """Become whoever holds a post at a school (`一年级1班班主任`, `校长`): names change with the size of the district."""
        self.go(f"/demonstration/?q={of}")
        with self.page.expect_navigation():
            self.page.locator("tr", has_text=f"{of}（演示）{post}").get_by_role("button").first.click()
        return self.arrive()

    def sign_in_as_family(self, *, of: str) -> Visitor:
        """Become the first guardian of a school whom the demonstration's page offers, and go to the child's page."""
        self.go(f"/demonstration/?desk=guardian&q={of}")
        with self.page.expect_navigation():
            self.page.locator("tr", has_text=f"{of}（演示）").get_by_role("button").first.click()
        return self.arrive()

    def let_pass(self, days: int, *, daily: bool = False) -> Visitor:
        """Let days pass in the demonstration, by its own page; `daily` lets the worker do what is done daily."""
        self.go("/demonstration/").page.locator("[name=days]").fill(str(days))
        if not daily:
            self.page.locator("label:has(> input[name=daily])").click()
        return self.press("往前走")

    def go(self, path: str, *, status: int = 200) -> Visitor:
        """Open an address."""
        self.page.goto(path)
        return self.arrive(status=status)

    def follow(self, name: str, *, within: str = "main", exact: bool = False) -> Visitor:
        """Follow a link by its words."""
        link = self.page.locator(within).get_by_role("link", name=name, exact=exact).first
        with self.page.expect_navigation():
            link.click()
        return self.arrive()

    def press(self, name: str, *, within: str | Locator = "main", status: int = 200, exact: bool = True) -> Visitor:
        """Press a button that sends a form; `status` is the refusal expected, if any."""
        frame = self.page.locator(within) if isinstance(within, str) else within
        with self.page.expect_navigation():
            frame.get_by_role("button", name=name, exact=exact).first.click()
        return self.arrive(status=status)

    def open_menu(self, desk: str) -> Visitor:
        """Open every page that the menu of a desk offers; `desk` is what their addresses begin with."""
        links = self.page.locator("nav a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        found = [link for link in dict.fromkeys(links) if link.startswith(desk)]
        assert found, f"{self.page.url} has no menu"
        for link in found:
            self.go(link)
        return self

    # --- Seeing ---------------------------------------------------------------------------------------------------

    def arrive(self, *, status: int = 200) -> Visitor:
        """Examine the page that has just come."""
        self.page.wait_for_load_state("load")
        assert self._status == status, f"{self.page.url}: {self._status}\n{self.words()[:800]}"
        assert self.complaints == []
        self._look(self.size)
        other = DESK if self.size is PHONE else PHONE
        if self._examined.take_on({(other["width"], "looked at", *self._make())}):
            self.page.set_viewport_size(other)  # type: ignore[arg-type]
            self._look(other)
            self.page.set_viewport_size(self.size)  # type: ignore[arg-type]
        return self

    def _make(self) -> tuple[Any, ...]:
        """Return what a page is one of: its address without numbers, its status, with or without scripts."""
        return (self.scripts, re.sub(r"\d+", "#", urlsplit(self.page.url).path), self._status)

    def _look(self, size: dict[str, int]) -> None:
        """Look at the page as it stands, in a window of this size."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} sticks out by {wide} px at {size['width']}"
        if size is PHONE and "/components/" not in self.page.url:
            pushed = self.page.evaluate(SIDEWAYS)
            assert pushed == [], f"{self.page.url} has lists to be pushed sideways: {pushed}"
        if self._axe:
            self._examine(size)

    def _examine(self, size: dict[str, int]) -> None:
        """Run axe-core wherever something stands that it has not seen, with or without scripts.

        That is every make of an address (its numbers left out) once, and the parts that no page has shown so far at
        this size whenever another state, moment or person brings some: a tag with its classes, role and states under
        its parent, as far as it is drawn. A thousand pages of one make are examined once.
        """
        make, how = self._make(), (size["width"], self.scripts)
        shown = {make, *((*how, part) for part in self.page.evaluate(OUTLINE))}
        new = self._examined.take_on(shown)
        if not new:
            return
        parts = [] if make in new else sorted(one[-1] for one in new)
        if self.scripts:
            found = _ask_axe(self.page, self._axe, parts)
        else:
            with closing(self._reopened(size)) as context:
                found = _ask_axe(context.pages[0], self._axe, parts)
        grave = [
            (one["id"], [(node["target"], node["html"][:160]) for node in one["nodes"][:3]])
            for one in found["violations"]
            if one["impact"] in GRAVE
        ]
        assert grave == [], f"{self.page.url} at {size['width']}: {grave}"

    def _reopened(self, size: dict[str, int]) -> BrowserContext:
        """Return a window that shows the page as it stands here, where axe-core can run: the page's own scripts cannot.

        With scripts off a browser draws what stands in `noscript`; with them on it does not, so the tag is taken away.
        """
        html = re.sub(r"<(/?)noscript\b[^>]*>", r"<\1div>", self.page.content())
        context = self._browser.new_context(base_url=self.address, viewport=size, locale="zh-CN", bypass_csp=True)  # type: ignore[arg-type]
        page, here = context.new_page(), self.page.url
        page.route(lambda url: urlsplit(url).path.endswith((".js", ".mjs")), lambda route: route.abort())
        page.route(here, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto(here)
        return context

    def words(self) -> str:
        """Return what stands on the page."""
        return self.page.locator("main").inner_text()

    def reads(self, *words: str) -> Visitor:
        """Insist that the page says these words."""
        said = self.words()
        missing = [one for one in words if one not in said]
        assert not missing, f"{self.page.url} does not say {missing}:\n{said[:1500]}"
        return self

    def reads_none_of(self, words: Iterable[str]) -> Visitor:
        """Insist that the page does not say any of these words."""
        said = self.words()
        assert not [one for one in words if one in said], said[:1500]
        return self

    def picture(self, name: str, *, of: str = "") -> Visitor:
        """Take the picture that docs/ shows, when pictures are asked for; `of` is what it should begin with."""
        if os.environ.get("KEHOU_SCREENSHOTS") == "1":
            PICTURES.mkdir(parents=True, exist_ok=True)
            if of:  # at the top, below what sticks there
                self.page.locator(of).first.evaluate(
                    "it => scrollTo(0, scrollY + it.getBoundingClientRect().top - 120)"
                )
            self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
        return self


def _ask_axe(page: Page, axe: str, parts: list[str]) -> Any:
    """Return what axe-core finds in these parts of a page, in all of it if there are none."""
    page.evaluate(axe)
    return page.evaluate(EXAMINE, [parts, RULES])

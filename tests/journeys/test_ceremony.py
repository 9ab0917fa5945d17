"""现场见证 in the hall: three persons seal a word in the browser, the server never hears it, everybody sees the seals."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
SCHOOL, CODE = "双桂湖畔小学", "2150990002"
WORDS = {
    "校长": ("钟校长", "竹海的风吹过操场边的那根旗杆"),
    "家长委员会代表": ("黄女士", "柚子熟了请大家来吃一个吧"),
    "学生代表": ("林同学", "我最喜欢星期三的科学小实验"),
}


def seal(office: Visitor, role: str, name: str, word: str, again: str) -> None:
    page = office.page
    page.locator("#role").select_option(label=role)
    page.locator("#name").fill(name)
    page.locator("#word").fill(word)
    page.locator("#again").fill(again)


def test_three_words_are_sealed_in_the_hall_and_their_seals_are_public(at: Sit) -> None:
    office = at("registration").sign_in_as("课后服务管理员", of=SCHOOL).go(f"/school/{CODE}/draw/")
    if office.page.locator("summary", has_text="作废，重新定").count():
        office.page.locator("summary", has_text="作废，重新定").click()
        office.page.locator("#reason").fill("改请见证人到现场")
        office.press("作废").reads("已作废，记录保留")
    sent: list[str] = []
    office.page.on("request", lambda request: sent.append(request.post_data or ""))
    office.go(f"/school/{CODE}/draw/").follow("现场见证").reads("还没有见证人", "现在只有0位")

    seal(office, "学生代表", "林同学", "太短", "太短")
    office.page.get_by_role("button", name="封好").click()  # held back in the browser: nothing is sent
    assert office.page.locator("#word").evaluate("one => one.validationMessage").startswith("至少12个字符")
    for role, (name, word) in WORDS.items():
        seal(office, role, name, word, word)
        office.press("封好").reads(name, hashlib.sha256(word.encode()).hexdigest())
    assert not any(word in body for body in sent for _, word in WORDS.values())

    office.press("公布见证人和校验码").reads("校验码已经公布")
    expect(office.page.get_by_role("button", name="写错了，去掉重封")).to_have_count(0)

    stranger = at(phone=True).go("/draws/coming/").reads(SCHOOL, "学生代表")
    stranger.reads(*(hashlib.sha256(word.encode()).hexdigest() for _, word in WORDS.values()))
    stranger.reads_none_of([name for name, _ in WORDS.values()])
    at(phone=True).sign_in_as("课后服务管理员", of=SCHOOL).go(f"/school/{CODE}/draw/ceremony/").reads("已经公布")

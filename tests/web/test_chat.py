from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot import wording
from tests.bot.gateway import Road
from tests.fakes.rasa import turn
from tests.web.conftest import DESK, PHONE

pytestmark = pytest.mark.services


def say(page: Page, text: str) -> None:
    page.fill("#words", text)
    page.press("#words", "Enter")


def bubbles(page: Page) -> list[str]:
    """
    Everything that is said, in the order seen; the words for screen readers left out.
    """
    said: list[str] = page.evaluate(
        """[...document.querySelectorAll('.bubble:not(.dots)')]
            .map((one) => [...one.querySelectorAll('p')].map((line) => line.textContent).join(' '))"""
    )
    return said


def test_the_first_visit_is_greeted_with_the_notice_and_choices(page: Page, road: Road) -> None:
    expect(page.locator("h1")).to_have_text("Phường Mẫu")
    expect(page.locator(".badge")).to_have_text(wording.ASSISTANT)
    expect(page.locator(".notice")).to_have_text(wording.notice("phường Mẫu"))
    expect(page.locator(".choice").first).to_have_text("Đăng ký khai sinh")
    assert [one["message"] for one in road.rasa.asked] == ["/greet"]


def test_a_question_is_answered_with_sources_and_links(page: Page) -> None:
    say(page, "làm khai sinh cần gì")

    answer = page.locator(".bot .bubble:not(.dots)").last
    expect(answer).to_contain_text("Giấy chứng sinh")
    expect(answer.locator(".source")).to_have_count(2)
    expect(answer.locator(".item")).to_have_count(3)
    link = answer.locator("a")
    expect(link).to_have_attribute("href", "https://dichvucong.gov.vn/")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator(".waiting")).to_have_count(0)
    small = answer.locator(".source").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert small < answer.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")


def test_a_choice_sends_its_command_and_older_choices_go(page: Page, road: Road) -> None:
    page.click("text=Đăng ký khai sinh")
    expect(page.locator(".choice").first).to_have_text("Lệ phí")

    page.click("text=Lệ phí")

    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("miễn lệ phí")
    expect(page.locator(".choices")).to_have_count(1)
    assert bubbles(page)[1::2] == ["Đăng ký khai sinh", "Lệ phí"]
    assert [one["message"] for one in road.rasa.asked][1:] == [
        '/choose{"entry":"khai-sinh"}',
        '/choose{"entry":"khai-sinh","part":"fee"}',
    ]


def test_a_reload_keeps_the_conversation(page: Page, road: Road) -> None:
    say(page, "lệ phí")
    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("miễn lệ phí")
    before = bubbles(page)

    page.reload()
    expect(page.locator(".bubble:not(.dots)")).to_have_count(3)

    assert bubbles(page) == before
    expect(page.locator(".waiting")).to_have_count(0)
    assert [one["message"] for one in road.rasa.asked] == ["/greet", "lệ phí"]


def test_a_new_conversation_forgets_the_old_one_on_this_device(page: Page) -> None:
    say(page, "lệ phí")
    expect(page.locator(".bubble:not(.dots)")).to_have_count(3)

    page.click("#restart")
    page.click("#restart-no")
    expect(page.locator(".bubble:not(.dots)")).to_have_count(3)
    page.click("#restart")
    page.click("#restart-yes")

    expect(page.locator(".bubble:not(.dots)")).to_have_count(1)
    expect(page.locator(".choice").first).to_be_visible()


def test_two_pages_of_one_visitor_show_the_same(page: Page, road: Road) -> None:
    other = page.context.new_page()
    other.goto(f"{road.gateway.url}/phuong-mau")
    expect(other.locator(".bubble:not(.dots)")).to_have_count(1)

    say(page, "lệ phí")

    expect(other.locator(".bubble:not(.dots)")).to_have_count(3)
    assert bubbles(other) == bubbles(page)


def test_a_long_answer_is_shown_from_its_first_line(page: Page, road: Road) -> None:
    road.rasa.answer = lambda *_: turn(
        "Đăng ký khai sinh\nLệ phí: không\n" + "\n".join(f"• giấy {n}" for n in range(60))
    )

    say(page, "kể hết đi")

    answer = page.locator(".bot .bubble:not(.dots)").last
    expect(answer.locator(".heading")).to_have_text("Đăng ký khai sinh")
    expect(answer.locator(".heading")).to_be_in_viewport(ratio=1)
    expect(answer.locator("strong")).to_have_text("Lệ phí:")
    expect(answer.locator(".item").last).not_to_be_in_viewport()


def test_html_in_texts_is_only_text(page: Page, road: Road) -> None:
    evil = '<img src=x onerror="document.title=1"> javascript:alert(1) http://a.example https://b.example/x?a=1&b=<b>.'
    road.rasa.answer = lambda *_: turn(evil)

    say(page, "<script>document.title='no'</script>")

    answer = page.locator(".bot .bubble:not(.dots)").last
    expect(answer).to_contain_text("<img src=x")
    assert page.locator("#log img, #log script").count() == 0
    assert [one.get_attribute("href") for one in answer.locator("a").all()] == ["https://b.example/x?a=1&b="]
    assert page.title() == wording.TITLE.format(ward="phường Mẫu")


def test_while_rasa_is_slow_the_page_says_so(page: Page, road: Road) -> None:
    road.rasa.delay_seconds = 1.0

    say(page, "lệ phí")

    expect(page.locator(".waiting .hint")).to_have_text(wording.WIDGET["typing"])
    expect(page.locator(".waiting")).to_have_count(0)


def test_shift_enter_makes_a_line_and_enter_sends(page: Page) -> None:
    page.focus("#words")
    page.keyboard.type("một")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("hai")
    page.keyboard.press("Enter")

    expect(page.locator(".citizen .bubble p")).to_have_text(["một", "hai"])
    expect(page.locator("#words")).to_have_value("")


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    page.focus(".choice >> nth=1")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".choice").first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".citizen .bubble")).to_contain_text("Đăng ký khai sinh")
    expect(page.locator("#log")).to_be_focused()


def test_screen_readers_get_names_and_roles(page: Page) -> None:
    expect(page.get_by_role("log", name=wording.LABEL_LOG)).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("textbox", name=wording.LABEL_INPUT)).to_be_visible()
    for name in (wording.SEND, wording.RESTART):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    expect(page.get_by_role("group", name=wording.WIDGET["choices"])).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "vi"


def test_targets_are_large_enough_for_a_thumb(page: Page) -> None:
    for one in page.locator(".choice, .send, .tool:visible").all():
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (one) => { for (; one; one = one.parentElement) {
    const color = rgba(getComputedStyle(one).backgroundColor); if (color[3] > 250) return color; } return [255, 255, 255]; };
  const bad = [];
  for (const one of document.querySelectorAll('#log p, #log .choice, #log a, .note, .banner')) {
    if (!one.textContent.trim() || !one.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(one).color)), light(ground(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([one.className, one.textContent.slice(0, 30), ratio]);
  }
  return bad;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(context: Callable[..., BrowserContext], road: Road, scheme: str) -> None:
    page = context(color_scheme=scheme).new_page()
    page.goto(f"{road.gateway.url}/phuong-mau")
    page.wait_for_selector(".choice")
    say(page, "khai sinh")
    page.wait_for_selector(".source")

    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("small", {"width": 320, "height": 568}), ("desk", DESK)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_at_any_size(
    context: Callable[..., BrowserContext], road: Road, tmp_path: Path, name: str, size: dict[str, int], scheme: str
) -> None:
    page = context(viewport=size, color_scheme=scheme).new_page()
    page.goto(f"{road.gateway.url}/phuong-mau")
    page.wait_for_selector(".choice")
    say(page, "khai sinh " + "x" * 200)
    page.wait_for_selector(".source")

    page.screenshot(path=tmp_path / f"{name}-{scheme}.png")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for selector in ("#words", "#send", "h1"):
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    newest = page.locator(".bot .heading").last if name == "small" else page.locator(".choice").last
    expect(newest).to_be_in_viewport(ratio=1)


def test_who_wants_no_motion_gets_none(context: Callable[..., BrowserContext], road: Road) -> None:
    road.rasa.delay_seconds = 1
    page = context(reduced_motion="reduce").new_page()
    page.goto(f"{road.gateway.url}/phuong-mau")

    dots = page.locator(".dots i").first
    expect(dots).to_be_visible()
    assert dots.evaluate("one => getComputedStyle(one).animationName") == "none"


def test_a_browser_that_forbids_storage_can_still_ask(context: Callable[..., BrowserContext], road: Road) -> None:
    page = context().new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page.goto(f"{road.gateway.url}/phuong-mau")
    page.wait_for_selector(".choice")

    say(page, "lệ phí")

    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("miễn lệ phí")


def test_the_list_of_wards_leads_to_a_chat(context: Callable[..., BrowserContext], road: Road) -> None:
    page = context().new_page()
    page.goto(f"{road.gateway.url}/khong-co")
    expect(page.locator(".problem")).to_have_text(wording.UNKNOWN_WARD)

    page.click("text=Phường Hòa Bình")

    expect(page).to_have_url(re.compile("/hoa-binh$"))
    expect(page.locator("h1")).to_have_text("Phường Hòa Bình")

"""
The phone page of the emulators, in a real browser, over the smallest platform there can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from emulators.phone.overview import build
from tests.fakes.phone_platform import PAPERS, ExamplePlatform
from tests.fakes.serving import Serving
from tests.web.conftest import DESK

pytestmark = pytest.mark.services

SMALL = {"width": 360, "height": 640}
KINDS = ("zalo", "messenger", "telegram")
Open = Callable[..., BrowserContext]


@pytest.fixture
def platform() -> ExamplePlatform:
    return ExamplePlatform()


@pytest.fixture
def phone(context: Open, platform: ExamplePlatform) -> Iterator[Page]:
    with Serving(platform.app) as server:
        yield opened(context(viewport=SMALL), server.url)


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/_phone/")
    expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    return page


def say(page: Page, text: str) -> None:
    page.fill("#words", text)
    page.press("#words", "Enter")


def bubbles(page: Page) -> list[tuple[str, str]]:
    """
    (side, text) from top to bottom, without the words for screen readers.
    """
    rows: list[list[str]] = page.evaluate(
        """[...document.querySelectorAll('.row')].map((row) => [row.classList[1],
            [...row.querySelectorAll('.bubble p')].map((line) => line.textContent).join('\\n')])"""
    )
    return [(side, text) for side, text in rows]


def test_the_citizen_stands_on_the_right_and_the_office_on_the_left(phone: Page) -> None:
    say(phone, "làm khai sinh cần gì")

    expect(phone.locator(".oa .bubble")).to_contain_text("Giấy chứng sinh")
    assert bubbles(phone) == [("citizen", "làm khai sinh cần gì"), ("oa", PAPERS)]
    mine, theirs = (phone.locator(f".{side} .bubble").bounding_box() for side in ("citizen", "oa"))
    assert mine is not None
    assert theirs is not None
    assert mine["x"] + mine["width"] > 340
    assert theirs["x"] < 20
    assert mine["x"] > theirs["x"]
    expect(phone.locator("h1")).to_have_text("UBND phường Mẫu")
    expect(phone.locator("#words")).to_have_value("")


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_is_tapped_with_the_finger_and_with_the_keyboard(context: Open, kind: str) -> None:
    platform = ExamplePlatform(kind)
    with Serving(platform.app) as server:
        page = opened(context(viewport=SMALL, has_touch=True), server.url)
        say(page, "khai sinh")
        page.locator(".oa .buttons button", has_text="Thời hạn giải quyết").tap()
        expect(page.locator(".oa")).to_have_count(2)

        page.locator(".oa .buttons button", has_text="Nơi nộp hồ sơ").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".oa")).to_have_count(3)

    user = platform.users()[0]
    assert platform.done[1:] == [("tap", user, "m2", 1), ("tap", user, "m2", 2)]


def test_quick_replies_stand_above_the_input_until_the_next_message(context: Open) -> None:
    platform = ExamplePlatform("messenger", quick=True)
    with Serving(platform.app) as server:
        page = opened(context(viewport=SMALL), server.url)
        say(page, "khai sinh")
        expect(page.locator("#quick button")).to_have_text(["Lệ phí", "Thời hạn giải quyết", "Nơi nộp hồ sơ"])
        expect(page.locator(".row .buttons")).to_have_count(0)

        platform.weather["api_down"] = True
        page.click("#quick button >> nth=0")

        expect(page.locator("#quick")).to_be_hidden()
        expect(page.locator(".citizen .note")).to_have_text("Trợ lý chưa nhận được")
    assert platform.done[-1] == ("tap", platform.users()[0], "m2", 0)


def test_what_anybody_writes_is_text_and_only_web_addresses_are_links(phone: Page, platform: ExamplePlatform) -> None:
    written = "<img src=x onerror=alert(1)> <b>đậm</b> javascript:alert(1) https://dichvucong.gov.vn/."
    platform.answer = lambda text: f"{text}\nftp://x {written}"

    say(phone, written)

    expect(phone.locator(".oa .bubble")).to_contain_text("<b>đậm</b>")
    expect(phone.locator(".bubble img, .bubble b")).to_have_count(0)
    links = phone.locator(".bubble a")
    assert [link.get_attribute("href") for link in links.all()] == ["https://dichvucong.gov.vn/"] * 3
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}


def test_buttons_of_the_phone_itself_say_what_a_real_phone_would_do(phone: Page, platform: ExamplePlatform) -> None:
    [user] = platform.users()
    platform.put(user, "oa", "Anh/chị cần gì ạ?", ["Bản đồ", "Gọi", "Lạ"])
    outside = ({"kind": "url", "url": "https://dichvucong.gov.vn/"}, {"kind": "phone", "url": "tel:18001096"})
    for button, more in zip(platform.talks[user][-1]["buttons"], (*outside, {"kind": "url", "url": "javascript:alert(1)"}), strict=True):  # fmt: skip
        button.update(more)

    expect(phone.locator(".buttons a")).to_have_attribute("href", "https://dichvucong.gov.vn/")
    phone.click(".buttons button >> text=Gọi")
    expect(phone.locator("#banner")).to_have_text("Trên điện thoại thật, máy sẽ gọi số 18001096.")
    phone.click(".buttons button >> text=Lạ")
    expect(phone.locator("#banner")).to_have_text("Trên điện thoại thật, nút này mở một trang khác.")
    assert platform.done == []


def test_enter_belongs_to_the_vietnamese_keyboard_while_it_composes(phone: Page, platform: ExamplePlatform) -> None:
    phone.fill("#words", "lệ phí")
    phone.evaluate(
        """document.getElementById('words').dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    phone.press("#words", "Shift+Enter")
    phone.type("#words", "bao nhiêu")
    assert platform.done == []

    phone.press("#words", "Enter")

    expect(phone.locator(".oa")).to_have_count(1)
    assert bubbles(phone)[0] == ("citizen", "lệ phí\nbao nhiêu")


def test_other_things_are_done_from_a_menu_with_the_keyboard_alone(phone: Page, platform: ExamplePlatform) -> None:
    phone.focus("#words")
    phone.keyboard.press("Shift+Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#actions h2")).to_have_text(["Phía cơ quan", "Người dân"])
    phone.keyboard.press("Escape")
    expect(phone.locator("#actions")).to_be_hidden()
    expect(phone.locator("#more")).to_be_focused()

    phone.keyboard.press("Enter")
    for _ in range(2):
        phone.keyboard.press("Tab")
    expect(phone.locator("#actions button", has_text="Gửi ảnh")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator(".citizen .bubble")).to_contain_text("[Ảnh]")
    expect(phone.locator("#banner")).to_have_text("Đã làm: Gửi ảnh.")
    phone.click("#more")
    phone.click("text=Cán bộ trả lời trực tiếp")

    expect(phone.locator(".officer .speaker")).to_have_text("Cán bộ: ")
    assert [name for _do, _user, name in platform.done] == ["image", "officer_speaks"]


def test_a_second_citizen_has_a_phone_of_their_own_and_a_reload_keeps_it(
    phone: Page, platform: ExamplePlatform
) -> None:
    say(phone, "câu của người thứ nhất")
    expect(phone.locator(".oa")).to_have_count(1)

    phone.click("#add")
    expect(phone.locator("#user")).to_have_value(platform.users()[-1])
    expect(phone.locator(".row")).to_have_count(0)
    say(phone, "câu của người thứ hai")
    expect(phone.locator(".oa")).to_have_count(1)
    phone.reload()
    expect(phone.locator(".citizen .bubble")).to_contain_text("câu của người thứ hai")

    phone.select_option("#user", label="Người dân 1")
    expect(phone.locator(".citizen .bubble")).to_contain_text("câu của người thứ nhất")
    assert len(platform.users()) == 2


def test_a_scene_turns_switches_of_the_emulator_and_one_button_ends_all_of_them(
    phone: Page, platform: ExamplePlatform
) -> None:
    phone.click("#trouble")
    scene = phone.get_by_role("switch", name="Zalo không nhận câu trả lời")
    scene.check()
    expect(phone.locator("#count")).to_have_text(" (1)")
    say(phone, "khai sinh")
    expect(phone.locator(".note")).to_have_text("Trợ lý chưa nhận được")

    phone.click("summary")
    slow = phone.get_by_label("Chậm mấy giây")
    slow.fill("3")
    slow.press("Enter")
    expect(phone.get_by_role("switch", name="Zalo chậm")).to_be_checked()
    phone.get_by_label("Mỗi tin mấy lần").select_option("ba lần")
    phone.get_by_label("Mã lỗi").fill("-32")
    phone.get_by_label("Mã lỗi").press("Enter")
    expect(phone.locator("#count")).to_have_text(" (4)")
    assert platform.weather == {"api_down": True, "slow_seconds": 3.0, "copies": "3", "day": "-32"}

    phone.click("text=Trở lại bình thường")
    expect(phone.locator("#count")).to_be_empty()
    expect(scene).not_to_be_checked()
    assert platform.weather == {"api_down": False, "slow_seconds": 0.0, "copies": "1", "day": ""}
    phone.keyboard.press("Escape")
    expect(phone.locator("#trouble")).to_have_attribute("aria-expanded", "false")


def test_only_what_is_new_is_read_aloud(phone: Page, platform: ExamplePlatform) -> None:
    say(phone, "một")
    expect(phone.locator(".oa")).to_have_count(1)
    phone.evaluate("document.querySelectorAll('.row').forEach((row) => (row.known = true))")
    phone.focus(".buttons button >> nth=1")

    platform.talks[platform.users()[0]][1]["note"] = "Đã xem"
    expect(phone.locator(".note")).to_have_text("Đã xem")
    expect(phone.locator(".buttons button >> nth=1")).to_be_focused()
    say(phone, "hai")
    expect(phone.locator(".oa")).to_have_count(2)

    assert phone.evaluate("[...document.querySelectorAll('.row')].map((row) => row.known === true)") == [
        True,
        False,
        False,
        False,
    ]
    expect(phone.locator("#log")).to_have_attribute("aria-live", "polite")
    expect(phone.locator(".unseen >> text=Trợ lý:")).to_have_count(2)


def test_who_reads_further_up_is_told_of_a_new_message_and_not_moved(phone: Page, platform: ExamplePlatform) -> None:
    for number in range(6):
        platform.put(platform.users()[0], "oa", f"{number}\n{PAPERS}")
    expect(phone.locator(".row")).to_have_count(6)
    phone.evaluate("document.getElementById('log').scrollTop = 0")

    platform.put(platform.users()[0], "oa", "tin mới nhất")
    expect(phone.locator("#newer")).to_be_visible()
    assert phone.evaluate("document.getElementById('log').scrollTop") == 0

    phone.click("#newer")
    expect(phone.locator(".row").last).to_be_in_viewport()
    expect(phone.locator("#newer")).to_be_hidden()


def test_the_page_waits_for_an_emulator_that_went_away_and_loses_no_words(
    context: Open, platform: ExamplePlatform
) -> None:
    server = Serving(platform.app)
    with server:
        page = opened(context(viewport=SMALL), server.url)
        server.stop()
        expect(page.locator("#banner")).to_have_text("Máy giả lập không trả lời, đang thử lại…")
        say(page, "khai sinh")
        expect(page.locator("#words")).to_have_value("khai sinh")

        server.start()
        page.press("#words", "Enter")

        expect(page.locator(".oa")).to_have_count(1)
        expect(page.locator("#banner")).to_be_hidden()


@pytest.mark.parametrize("kind", KINDS)
def test_everything_fits_360_pixels_and_can_be_touched_and_read(context: Open, kind: str) -> None:
    platform = ExamplePlatform(kind, quick=kind == "messenger")
    platform.answer = lambda text: f"{text} https://dichvucong.gov.vn/p/home/dvc-{'rat-dai' * 12}.html"
    with Serving(platform.app) as server:
        page = opened(context(viewport=SMALL), server.url)
        say(page, "khai sinh")
        expect(page.locator(".oa")).to_have_count(1)
        platform.put(platform.users()[0], "officer", "Chào anh/chị", note="Đã xem")
        expect(page.locator(".officer")).to_have_count(1)
        page.click("#more")

        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert (
            page.evaluate("document.getElementById('log').scrollWidth - document.getElementById('log').clientWidth")
            == 0
        )
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate(TOO_FAINT) == []
        platform.weather["api_down"] = True
        expect(page.locator("#count")).to_have_text(" (1)")
        assert page.evaluate("document.querySelector('.drill').getBoundingClientRect().height") < 70
        page.click("#trouble")
        page.click("summary")
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("document.getElementById('weather').getBoundingClientRect().bottom") <= 640


# Targets under 40 pixels; a checkbox is as large as its label, a link inside a sentence as its line.
TOO_SMALL = """[...document.querySelectorAll('button, select, textarea, .buttons a, summary, .switch')]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 39.5).map((one) => one.outerHTML)"""
# WCAG 2.2, 1.4.3: 4.5 to 1, against the nearest ground that is not see-through.
TOO_FAINT = """(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((one) => one / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    const colour = getComputedStyle(one).backgroundColor;
    const [r, g, b, a = 1] = numbers(colour);
    if (a === 1) return colour;
    if (a === 0) return one.parentElement ? ground(one.parentElement) : 'rgb(255, 255, 255)';
    const under = numbers(ground(one.parentElement));
    return `rgb(${[r, g, b].map((part, at) => part * a + under[at] * (1 - a)).join(', ')})`;
  };
  const faint = [];
  for (const one of document.querySelectorAll('h1, h2, p, button, a, .speaker, .face, select, summary')) {
    if (!one.textContent.trim() || !one.offsetParent) continue;
    const [high, low] = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) faint.push(`${one.className || one.tagName} ${contrast.toFixed(2)} ${one.textContent.slice(0, 20)}`);
  }
  return faint;
})()"""


def test_all_phones_stand_side_by_side_or_behind_tabs(context: Open) -> None:
    with ExitStack() as servers:
        platforms = {kind: ExamplePlatform(kind) for kind in KINDS}
        phones = [(kind, f"{servers.enter_context(Serving(one.app)).url}/_phone/") for kind, one in platforms.items()]
        overview = Serving(lambda: build(phones, ward="phường <Mẫu>", chat="http://localhost:1/x"))
        url = servers.enter_context(overview).url
        wide = context(viewport=DESK).new_page()
        wide.goto(url)
        expect(wide.locator("iframe")).to_have_count(3)
        expect(wide.locator("h1")).to_have_text("Diễn tập · phường <Mẫu>")
        for number in range(3):
            expect(wide.frame_locator("iframe").nth(number).locator("#log")).to_be_in_viewport()

        small = context(viewport=SMALL).new_page()
        small.goto(url)
        expect(small.locator("iframe:visible")).to_have_count(1)
        expect(small.frame_locator("iframe").nth(2).locator("#log")).to_have_attribute("aria-busy", "false")
        platforms["telegram"].put(platforms["telegram"].users()[0], "oa", "Có kết quả rồi ạ.")
        expect(small.get_by_role("button", name="Telegram, có tin mới")).to_be_visible()
        small.get_by_role("button", name="Telegram, có tin mới").press("Enter")

        expect(small.frame_locator("iframe:visible").locator(".oa .bubble")).to_contain_text("Có kết quả rồi ạ.")
        expect(small.get_by_role("button", name="Telegram", exact=True)).to_have_attribute("aria-pressed", "true")

"""
An entry tried before it is saved: its mistakes, what it is at odds with, what citizens would see, where it would be found.
"""

import pytest


async def attempt(desk, what, ward="", new=False, **fields):
    kind, _, id = what.partition("/")
    entry = fields if new else {**(await desk.entry(what, ward))["entry"], **fields}
    entry = {name: value for name, value in entry.items() if value is not None}
    body = {"ward": ward, "kind": kind, "id": None if new else id, "entry": entry}
    status, told = await desk.call("POST", "/office/try", json=body)
    assert status == 200, told
    return told


def told_of(tried, kind):
    return [one["message"] for one in tried["conflicts"] if one["kind"] == kind]


async def test_a_trial_shows_what_citizens_would_be_told_and_changes_nothing(desk):
    before = (await desk.get("/healthz"))["index"]

    tried = await attempt(desk, "procedure/khai-sinh", fee={"text": "8.000 đồng", "dong": 8000})

    parts = [finding["part"] for answer in tried["preview"] for finding in answer["findings"]]
    assert parts == [
        "summary",
        "papers",
        "fee",
        "time",
        "place",
        "online",
        "form",
        "applicants",
        "result",
        "notes",
        "basis",
        "case",
    ]
    assert {answer["findings"][0]["content"]["fee"]["text"] for answer in tried["preview"]} == {"8.000 đồng"}
    assert tried["preview"][0]["ward"]["slug"] == "dong-mau"
    assert set(tried["preview"][0]) == set(await desk.ask("khai sinh"))
    assert (await desk.told("khai-sinh"))["fee"]["text"] == "Không thu"
    assert (await desk.get("/healthz"))["index"] == before
    assert (await desk.entry("procedure/khai-sinh"))["version"] == 1


async def test_a_question_finds_the_entry_that_was_given_it(desk):
    asked = "xe đạp điện gửi ở đâu được"

    tried = await attempt(desk, "faq/faq-gui-xe", questions=["bãi giữ xe của phường thu bao nhiêu", asked])

    ranks = {one["question"]: (one["before"], one["after"]) for one in tried["ranks"]}
    assert ranks["bãi giữ xe của phường thu bao nhiêu"] == (1, 1)
    assert ranks[asked][1] == 1
    _, why = await desk.call("POST", "/explain", json={"ward": "tay-mau", "question": asked})
    live = [hit["id"] for hit in why["hits"]]
    assert ranks[asked][0] == (live.index("faq-gui-xe") + 1 if "faq-gui-xe" in live else None)


async def test_the_ranks_of_a_trial_are_those_that_come_true(desk):
    tried = await attempt(
        desk,
        "faq/faq-gui-xe",
        title="Trông giữ xe",
        questions=["trông xe", "đăng ký kết hôn rồi gửi xe"],
        aliases=["giữ xe"],
    )

    await desk.saved(
        "faq/faq-gui-xe", title="Trông giữ xe", questions=["trông xe", "đăng ký kết hôn rồi gửi xe"], aliases=["giữ xe"]
    )

    for one in tried["ranks"]:
        _, why = await desk.call("POST", "/explain", json={"ward": "dong-mau", "question": one["question"]})
        live = [hit["id"] for hit in why["hits"]]
        assert one["after"] == (live.index("faq-gui-xe") + 1 if "faq-gui-xe" in live else None)


async def test_a_question_that_was_taken_away_is_ranked_too(desk):
    tried = await attempt(desk, "procedure/ket-hon", questions=None)

    assert "hai đứa muốn lấy nhau thì đăng ký ra sao" in {one["question"] for one in tried["ranks"]}


async def test_a_new_entry_has_no_place_before(desk):
    tried = await attempt(
        desk, "faq/gio-lam-viec", new=True, ward="tay-mau", id="gio-lam-viec", title="Phường làm việc giờ nào?", answer="Buổi sáng.",
        as_of="2026-11", questions=["mấy giờ phường mở cửa"],
    )  # fmt: skip

    assert tried["mistakes"] == []
    assert tried["ranks"] == [{"question": "mấy giờ phường mở cửa", "before": None, "after": 1}]
    assert tried["preview"][0]["findings"][0]["content"]["answer"] == "Buổi sáng."
    assert tried["preview"][0]["ward"]["slug"] == "tay-mau"


async def test_a_new_entry_with_an_id_that_is_there_is_told_so(desk):
    tried = await attempt(
        desk, "procedure/ket-hon", new=True, ward="tay-mau", id="ket-hon", title="A", summary="B", as_of="2026-11"
    )

    assert [one["field"] for one in tried["mistakes"]] == ["id"]
    assert "Đăng ký kết hôn" in tried["mistakes"][0]["message"]


async def test_an_override_is_tried_for_its_ward_alone(desk):
    tried = await attempt(desk, "procedure/ket-hon", "tay-mau", place="Quầy số 2")

    assert tried["preview"][0]["ward"]["slug"] == "tay-mau"
    assert tried["preview"][0]["findings"][0]["content"]["place"] == "Quầy số 2"


async def test_a_wards_own_values_are_shown_where_citizens_meet_them(desk):
    tried = await attempt(desk, "ward/tay-mau", "tay-mau", hotlines=[{"label": "Quầy", "number": "0000 000 009"}])

    assert [answer["findings"][0]["entry"]["id"] for answer in tried["preview"]] == ["hotline-xa"]
    assert tried["preview"][0]["ward"]["hotlines"][0]["number"] == "0000 000 009"


async def test_each_part_of_a_plan_is_shown(desk):
    entry = (await desk.entry("plan/plan-dong-mau", "dong-mau"))["entry"]
    entry["facts"][0]["questions"] = ["trang zalo phường do ai phụ trách"]

    tried = await attempt(desk, "plan/plan-dong-mau", "dong-mau", facts=entry["facts"])

    ids = [answer["findings"][0]["entry"]["id"] for answer in tried["preview"]]
    assert {"plan-dong-mau", "plan-dong-mau--channels", "plan-dong-mau-loa", "plan-dong-mau-zalo"} <= set(ids)
    assert {one["question"]: one["after"] for one in tried["ranks"]}["trang zalo phường do ai phụ trách"] == 1


async def test_an_entry_that_has_ended_shows_what_citizens_are_told_instead(desk):
    tried = await attempt(desk, "faq/faq-gui-xe", valid_until="2026-11-19")

    assert [answer["outcome"] for answer in tried["preview"]] == ["unanswerable_expired"]


# Conflicts


async def test_an_entry_without_a_conflict_has_none(desk):
    for what in ("procedure/khai-sinh", "procedure/ket-hon", "faq/faq-gui-xe", "service/cong-mau"):
        assert (await attempt(desk, what))["conflicts"] == []


@pytest.mark.parametrize(
    "said", ["em bé mới sinh làm giấy gì", "EM BE MOI SINH LAM GIAY GI?", "vợ mới đẻ cần đi làm giấy cho cháu"]
)
async def test_a_question_that_another_entry_claims_is_told(desk, said):
    tried = await attempt(desk, "faq/faq-gui-xe", questions=[said])

    assert tried["conflicts"] == [
        {
            "kind": "question_claimed",
            "message": f"Câu “{said}” cũng là của mục “Đăng ký khai sinh”.",
            "with": "procedure/khai-sinh",
        }
    ]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("làm hộ chiếu ở đâu", "elsewhere/elsewhere-ho-chieu"),
        ("kết quả xổ số miền bắc hôm nay", "outside/outside"),
        ("ai giữ trang Zalo của phường", "plan/plan-dong-mau"),
    ],
)
async def test_what_belongs_to_others_is_told_too(desk, said, other):
    tried = await attempt(desk, "faq/faq-gui-xe", "dong-mau", questions=[said])

    assert [(one["kind"], one["with"]) for one in tried["conflicts"]] == [("question_claimed", other)]


async def test_a_ward_may_claim_the_questions_of_what_it_overrides(desk):
    assert told_of(await attempt(desk, "procedure/tam-tru", "dong-mau"), "question_claimed") == []


async def test_a_fee_that_differs_between_the_base_and_a_ward_is_told(desk):
    tried = await attempt(
        desk,
        "procedure/tam-tru",
        "dong-mau",
        fee={"text": "15.000 đồng", "dong": 15000},
        time={"text": "3 ngày làm việc"},
    )

    assert told_of(tried, "figure_differs") == [
        "Khác nhau về phí, lệ phí: mục này nói 15.000 đồng, mục “Đăng ký tạm trú” (bản chung) nói 9 đồng."
    ]
    assert tried["conflicts"][0]["with"] == "procedure/tam-tru"


async def test_a_base_entry_is_compared_with_what_wards_made_of_it(desk):
    await desk.saved("procedure/tam-tru", "dong-mau", fee={"text": "15.000 đồng"})

    tried = await attempt(desk, "procedure/tam-tru", fee={"text": "20.000 đồng", "dong": 20000})

    assert told_of(tried, "figure_differs") == [
        "Khác nhau về phí, lệ phí: mục này nói 20.000 đồng, mục “Đăng ký tạm trú tại phường Đông Mẫu” của phường Đông Mẫu nói 15.000 đồng."
    ]


async def test_twins_by_national_code_question_and_title_are_compared(desk):
    entry = {
        "id": "cuoi",
        "title": "Làm đám cưới",
        "summary": "S",
        "as_of": "2026-11",
        "fee": {"text": "50 nghìn đồng"},
    }

    by_code = await attempt(desk, "procedure/cuoi", new=True, **entry, code="1.000003")
    by_title = await attempt(desk, "procedure/cuoi", new=True, **{**entry, "title": "đăng ký kết hôn"})
    faq = await attempt(desk, "faq/phi-cuoi", new=True, id="phi-cuoi", title="Phí cưới?", answer="Phường thu 50.000 đồng.", as_of="2026-11",
                        questions=["hai đứa muốn lấy nhau thì đăng ký ra sao"])  # fmt: skip
    other = await attempt(desk, "procedure/cuoi", new=True, **entry)

    message = "Khác nhau về phí, lệ phí: mục này nói 50.000 đồng, mục “Đăng ký kết hôn” nói miễn phí."
    assert (
        told_of(by_code, "figure_differs")
        == told_of(by_title, "figure_differs")
        == told_of(faq, "figure_differs")
        == [message]
    )
    assert other["conflicts"] == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"fee": {"text": "10.000 đồng mỗi bản", "dong": 8000}}, ["“Số tiền (đồng)” ghi 8000 nhưng câu bên trên viết “10.000 đồng mỗi bản”."]),
        ({"time": {"text": "5 ngày làm việc", "working_days": 3}}, ["“Số ngày làm việc” ghi 3 nhưng câu bên trên viết “5 ngày làm việc”."]),
        ({"fee": {"text": "10.000 đồng; nộp qua mạng 5.000 đồng", "dong": 5000}}, []),
        ({"fee": {"text": "Miễn lệ phí", "dong": 0}, "time": {"text": "Trong ngày", "working_days": 1}}, []),
    ],
)  # fmt: skip
async def test_a_number_that_is_not_the_one_of_its_sentence_is_told(desk, fields, told):
    assert told_of(await attempt(desk, "procedure/khai-sinh-lai", **fields), "figure_differs") == told


async def test_a_basis_that_was_replaced_or_has_ended_is_told(desk):
    await desk.saved("procedure/khai-sinh", legal_basis=["Nghị định 335/2026/NĐ-CP (thay Nghị định 20/2021)"])

    tried = await attempt(
        desk,
        "procedure/ket-hon",
        legal_basis=[
            "NĐ số 20/2021/NĐ-CP",
            "Thông tư 64/2025/TT-BTC (áp dụng đến hết 31/10/2026)",
            "Luật 60/2014/QH13",
        ],
    )

    assert told_of(tried, "basis_expired") == [
        "Căn cứ “NĐ số 20/2021/NĐ-CP” đã được thay bằng Nghị định 335/2026/NĐ-CP.",
        "Căn cứ “Thông tư 64/2025/TT-BTC (áp dụng đến hết 31/10/2026)” đã hết hiệu lực.",
    ]
    assert {one["with"] for one in tried["conflicts"]} == {"procedure/ket-hon"}

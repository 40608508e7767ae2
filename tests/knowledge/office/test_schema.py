"""
The fields as pages and Excel show them: complete, in Vietnamese, and of a type that the models take.
"""

import re
from typing import Any

import pytest
from pydantic import BaseModel

from knowledge import content as contents
from knowledge import plans, procedures, wards
from knowledge.errors import ContentError
from knowledge.office import labels, schema
from knowledge.office.checks import OTHERWISE, SENTENCES, record_of
from knowledge.office.records import MODELS, order
from tests.house.test_errors import VIETNAMESE, findings_of_the_validator

TYPES = {"text", "lines", "long", "number", "date", "choice", "table", "list"}
ENGLISH = re.compile(
    r"\b(?:field|entry|list|null|true|false|none|slug|yaml|id|error|invalid|version|file)\b", re.IGNORECASE
)


def everything() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for kind in MODELS:
        for one in schema.fields(kind):
            found += [(kind, one), *((kind, column) for column in one.get("columns", ()))]
    return found


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_every_field_of_a_model_is_a_field_of_the_page(kind):
    shown = {one["name"].partition(".")[0] for one in schema.fields(kind)}

    assert shown == set(MODELS[kind].model_fields)
    assert list(dict.fromkeys(one["name"].partition(".")[0] for one in schema.fields(kind))) == order(MODELS[kind])


@pytest.mark.parametrize(
    ("kind", "described"), everything(), ids=lambda one: one if isinstance(one, str) else one["name"]
)
def test_a_field_says_in_vietnamese_what_it_is(kind, described):
    assert described["type"] in TYPES
    assert described["label"] == described["label"].strip() != ""
    assert not ENGLISH.search(described["label"] + " " + described["hint"])
    assert VIETNAMESE.search(described["label"]) or described["label"] in ("Trang Zalo OA", "Trang Facebook")
    assert (described["type"] == "choice") <= ("choices" in described)
    assert (described["type"] == "table") == ("columns" in described)


def test_every_choice_has_a_name():
    assert all(choice["label"] for _, one in everything() for choice in one.get("choices", ()))


def test_no_label_is_left_over():
    known = {
        name
        for kind, one in everything()
        for name in (one["name"], f"{kind}.{one['name']}", one["name"].rpartition(".")[2])
    }
    groups = {one["name"].partition(".")[0] for _, one in everything()}

    assert set(labels.LABELS) - known - groups - {f"{kind}.{name}" for kind in MODELS for name in known} == set()
    assert set(labels.CHOICES) <= known
    assert known | groups >= labels.SELDOM


@pytest.mark.parametrize(("model", "name"), [(procedures.Fee, "fee"), (procedures.Time, "time"), (procedures.Paper, "papers"),
                                             (wards.Hotline, "hotlines"), (plans.Task, "tasks"), (plans.Signer, "signer")])  # fmt: skip
def test_groups_and_tables_hold_all_that_their_record_has(model: type[BaseModel], name):
    kind = next(kind for kind, one in MODELS.items() if name in one.model_fields)
    inner = [one["name"] for one in schema.fields(kind) if one["name"].startswith(f"{name}.")]
    inner += [column["name"] for one in schema.fields(kind) if one["name"] == name for column in one["columns"]]

    assert inner == [f"{name}.{field}" for field in model.model_fields]


def test_every_finding_of_the_validator_has_a_sentence_of_the_pages():
    assert findings_of_the_validator() - set(SENTENCES) == set()
    assert all(VIETNAMESE.search(sentence) and "{label}" in sentence for sentence in (*SENTENCES.values(), OTHERWISE)
               if "{field}" not in sentence)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("faq", {"title": None}, {"title": "“Câu hỏi” phải là chữ."}),
        ("faq", {"answer": " "}, {"answer": "“Câu trả lời” đang để trống."}),
        ("faq", {"tra_loi": "x"}, {"tra_loi": "Không có ô nào tên “tra_loi”."}),
        ("faq", {"as_of": "20/11/2026"}, {"as_of": "“Đúng tại thời điểm” phải là ngày hoặc tháng, ví dụ 2026-11-20 hoặc 2026-11."}),
        ("faq", {"id": "Giờ làm"}, {"id": "“Mã” chỉ gồm chữ thường không dấu và số, nối bằng gạch ngang, ví dụ gio-lam-viec."}),
        ("faq", {"questions": ["một", ""]}, {"questions.2": "“Cách hỏi khác, dòng 2” đang để trống."}),
        ("faq", {"confidence": "chắc"}, {"confidence": "“Mức chắc chắn” chỉ nhận một trong các giá trị: Chắc chắn, Khá chắc, Chưa xác minh."}),
        ("procedure", {"code": "1.19"}, {"code": "“Mã thủ tục quốc gia” có dạng số như 1.001193."}),
        ("procedure", {"old_codes": ["1.000001", "x"]}, {"old_codes.2": "“Mã cũ, dòng 2” có dạng số như 1.001193."}),
        ("procedure", {"fee": {"text": "T", "dong": "5.000"}}, {"fee.dong": "“Số tiền (đồng)” phải là số nguyên, không có dấu chấm, ví dụ 50000."}),
        ("procedure", {"papers": [{"text": "a"}, {"form": "b"}]}, {"papers.2.text": "Chưa điền “Thành phần hồ sơ: Giấy tờ, dòng 2”."}),
    ],
)  # fmt: skip
def test_a_mistake_names_the_field_as_the_page_does(kind, fields, told):
    entry = {
        "id": "a",
        "title": "A",
        "as_of": "2026-11",
        **({"answer": "B"} if kind == "faq" else {"summary": "S"}),
        **fields,
    }

    record, mistakes = record_of(kind, entry)

    assert record is None
    assert {one.field: one.message for one in mistakes} == told


def test_a_ward_cannot_be_called_like_an_address_of_the_gateway(library_folder):
    ward = {"slug": "admin", "name": "phường A", "unit": "phường", "province": "tỉnh Mẫu", "as_of": "2026-11-20"}
    record, mistakes = record_of("ward", ward)
    assert record is None
    assert [(one.field, one.message) for one in mistakes] == [
        ("slug", "“Mã phường, xã” trùng với địa chỉ riêng của hệ thống; hãy chọn mã khác, ví dụ phuong-mau.")
    ]

    file = library_folder / "wards/tay-mau/ward.yml"
    file.write_text(file.read_text("utf-8").replace("slug: tay-mau", "slug: admin"), "utf-8")
    with pytest.raises(ContentError, match="“slug: admin” là địa chỉ riêng của hệ thống"):
        contents.read(library_folder)

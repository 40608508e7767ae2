import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge import content as contents
from knowledge import index as indexes
from knowledge.build import latest, open_library, rebuild
from knowledge.embed import embedder
from knowledge.errors import ContentError, IndexMissing
from knowledge.index import KEPT_VERSIONS, TEXTS_EMBEDDED, Index
from knowledge.items import FIELDS, Item, digest, in_ward
from knowledge.passages import items
from knowledge.query import Lexicon
from knowledge.rerank import Reranker
from knowledge.restore import Spellings
from knowledge.retrieve import Retriever
from tests.fakes.embedder import Boxes
from tests.knowledge.conftest import TODAY


def opened(root: Path, folder: Path, boxes: Boxes):
    return open_library(root, folder, boxes, today=TODAY)


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


def test_the_first_build_embeds_every_passage_and_adds_every_item(library_folder, folder):
    boxes = Boxes()

    library, changes = opened(library_folder, folder, boxes)

    index = library.retriever.index
    assert changes.added == len(index.items)
    assert (changes.changed, changes.kept, changes.removed) == (0, 0, 0)
    assert changes.embedded == len(boxes.embedded) == len(index.dense.vectors)


def test_building_again_embeds_nothing(library_folder, folder):
    opened(library_folder, folder, Boxes())
    boxes = Boxes()

    library, changes = opened(library_folder, folder, boxes)

    assert boxes.embedded == []
    assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)
    assert changes.kept == len(library.retriever.index.items)


def test_only_what_changed_is_embedded_again(library_folder, folder):
    opened(library_folder, folder, Boxes())
    edit(library_folder, "common/faqs/chung.yml", "Bãi xe của trụ sở không thu tiền.", "Bãi xe nay thu 2 đồng.")
    boxes = Boxes()

    library, changes = opened(library_folder, folder, boxes)

    assert boxes.embedded == ["Bãi xe nay thu 2 đồng."]
    assert (changes.added, changes.changed, changes.removed) == (0, 1, 0)
    index = library.retriever.index
    fresh, _ = indexes.build(index.items, index.lexicon, Boxes())
    assert np.allclose(index.dense.vectors, fresh.dense.vectors)


def test_items_that_come_and_go_are_counted(library_folder, folder):
    opened(library_folder, folder, Boxes())
    (library_folder / "common/elsewhere/noi-khac.yml").unlink()
    faq = "kind: faq\nentries:\n- {id: faq-moi, title: Mới?, answer: Mới., as_of: '2026-07'}\n"
    (library_folder / "common/faqs/moi.yml").write_text(faq, encoding="utf-8")

    library, changes = opened(library_folder, folder, Boxes())

    assert (changes.added, changes.changed, changes.removed, changes.embedded) == (1, 0, 1, 2)
    known = {item.id for item in library.retriever.index.items}
    assert "faq-moi" in known
    assert "elsewhere-ho-chieu" not in known


def test_another_encoder_embeds_everything_anew(library_folder, folder):
    opened(library_folder, folder, Boxes("boxes:1"))
    boxes = Boxes("boxes:2", dimension=64)

    library, _ = opened(library_folder, folder, boxes)

    assert len(boxes.embedded) == len(library.retriever.index.dense.vectors)
    assert library.retriever.index.encoder == "boxes:2"


def test_the_same_words_in_another_field_are_another_passage():
    assert digest("title", "khai sinh") != digest("wording", "khai sinh")
    assert digest("title", "khai sinh") == digest("title", "khai sinh")


def test_of_a_long_entry_only_the_first_texts_get_a_vector_but_all_can_be_found(folder):
    long = Item(
        "dai",
        "procedure",
        ("tiêu đề",),
        ("cách nói",),
        tuple(f"đoạn thứ {n} riêng{n}" for n in range(TEXTS_EMBEDDED + 3)),
    )

    index, embedded = indexes.build([long], Lexicon(), Boxes())

    assert embedded == 2 + TEXTS_EMBEDDED
    assert index.lexical.score({f"rieng{TEXTS_EMBEDDED + 2}": 1.0}).any()


def test_content_that_did_not_change_makes_no_new_version(library_folder, folder):
    opened(library_folder, folder, Boxes())
    before = os.readlink(folder / "current")

    opened(library_folder, folder, Boxes())

    assert os.readlink(folder / "current") == before


def test_a_changed_version_becomes_current_by_one_rename(library_folder, folder):
    opened(library_folder, folder, Boxes())
    before = os.readlink(folder / "current")
    edit(library_folder, "common/procedures/ho-tich.yml", "title: Đăng ký kết hôn", "title: Cưới")

    opened(library_folder, folder, Boxes())

    after = os.readlink(folder / "current")
    assert after != before
    assert (folder / before / "items.json.gz").exists()
    assert indexes.current(folder) == (folder / after).resolve()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_versions_made_one_after_the_other_sort_in_that_order():
    made = [indexes.build([], Lexicon(), Boxes())[0].version for _ in range(300)]

    assert made == sorted(set(made))


def published(index, folder, version):
    index.version = version
    return indexes.publish(index, folder)


def test_old_versions_go_but_for_the_last_few(small, folder):
    index, _ = indexes.build(small.retriever.index.items, Lexicon(), Boxes())

    for number in range(KEPT_VERSIONS + 2):
        published(index, folder, f"20261120-{number}")

    kept = sorted(path.name for path in folder.iterdir() if not path.is_symlink())
    assert kept == [f"20261120-{number}" for number in range(2, KEPT_VERSIONS + 2)]
    assert os.readlink(folder / "current") == kept[-1]


def test_readers_of_an_old_version_go_on_reading_it_after_it_is_gone(small, folder):
    built, _ = indexes.build(small.retriever.index.items, Lexicon(), Boxes())
    first = published(built, folder, "0")
    old = replace(small.retriever, index=Index.load(first))
    ranking = old.rank("đăng ký kết hôn", "tay-mau")

    for number in range(1, KEPT_VERSIONS + 2):
        published(built, folder, str(number))

    again = old.rank("đăng ký kết hôn", "tay-mau")
    assert not first.exists()
    assert [(hit.item, hit.score) for hit in again.hits] == [(hit.item, hit.score) for hit in ranking.hits]


def test_a_bad_file_never_reaches_the_published_index(library_folder, folder):
    opened(library_folder, folder, Boxes())
    before = os.readlink(folder / "current")
    (library_folder / "common/hong.yml").write_text("kind: faq\nentries:\n- {id: x}\n", encoding="utf-8")

    with pytest.raises(ContentError):
        opened(library_folder, folder, Boxes())

    assert os.readlink(folder / "current") == before
    assert latest(folder) is not None


def test_an_index_that_was_saved_ranks_as_the_one_in_memory(library_folder, folder):
    content = contents.read(library_folder)
    lexicon = Lexicon.of(content.abbreviations, content.sayings)
    built, _ = indexes.build(items(content), lexicon, Boxes())

    loaded = Index.load(indexes.publish(built, folder))

    learned = Reranker.load(Path("khong-co.json"))
    for question in ("đk ks cho con", "làm giấy hôn thú", "thuê trọ phải báo ai", "1.000003", "zzz"):
        one, other = (
            Retriever(index, Boxes(), learned, Spellings({}, {})).rank(question, "dong-mau")
            for index in (built, loaded)
        )
        assert [(hit.item, hit.score) for hit in one.hits] == [(hit.item, hit.score) for hit in other.hits]
    assert loaded.items == built.items
    assert loaded.lexicon == lexicon
    assert not loaded.dense.vectors.flags.owndata


def test_without_a_published_index_it_is_said_plainly(folder):
    with pytest.raises(IndexMissing, match="python -m knowledge build"):
        indexes.current(folder)
    assert latest(folder) is None


@pytest.mark.parametrize("broken", ["items.json.gz", "lexical/terms.txt", "dense/index.faiss"])
def test_a_version_with_a_file_missing_counts_as_none(library_folder, folder, broken):
    opened(library_folder, folder, Boxes())
    (indexes.current(folder) / broken).unlink()

    library, changes = opened(library_folder, folder, Boxes())

    assert changes.kept == 0
    assert changes.added == len(library.retriever.index.items)


def test_an_installation_without_an_encoder_builds_and_finds_by_words_alone(library_folder, folder):
    by_first_score = Reranker.load(Path("khong-co.json"))
    for added in (True, False):
        library, changes = open_library(library_folder, folder, embedder("none"), today=TODAY)
        retriever = replace(library.retriever, reranker=by_first_score)

        assert bool(changes.added) == added
        assert len(retriever.index.dense.vectors) == 0
        assert retriever.rank("đăng ký kết hôn", "tay-mau").hits[0].item.id == "ket-hon"
        assert retriever.rank("dang ky ket hon", "tay-mau").hits[0].item.id == "ket-hon"


def test_progress_is_told_from_start_to_end(library_folder, folder):
    told = []

    rebuild(contents.read(library_folder), Boxes(), folder, None, progress=lambda *step: told.append(step))

    assert {stage for stage, _, _ in told} == {"lexical", "embedding"}
    assert all(done == total for stage, done, total in told if (stage, done) == told[-1][:2])


# Which ward sees what


def test_items_of_another_ward_are_never_found(small):
    for question in (
        "ai chủ trì phát thanh trên loa",
        "mỗi quý mấy tin bài",
        "Đăng ký tạm trú tại phường Đông Mẫu",
        "Nhà văn hóa tổ dân phố",
        "loa zalo",
    ):
        for ward, foreign in (("tay-mau", "dong-mau"), ("dong-mau", "tay-mau"), (None, "dong-mau")):
            hits = small.retriever.rank(question, ward).hits
            assert [hit.item.id for hit in hits if hit.item.ward == foreign] == []


def test_a_replaced_item_is_found_everywhere_but_in_the_ward_that_replaced_it(small):
    found = {
        ward: {
            (hit.item.id, hit.item.ward)
            for hit in small.retriever.rank("đăng ký tạm trú", ward).hits
            if hit.item.id == "tam-tru"
        }
        for ward in ("dong-mau", "tay-mau", None)
    }

    assert found == {"dong-mau": {("tam-tru", "dong-mau")}, "tay-mau": {("tam-tru", None)}, None: {("tam-tru", None)}}


def test_seeing_is_told_item_by_item():
    shared, replaced = Item("a", "faq", ("A",)), Item("b", "faq", ("B",), replaced_in=("x",))
    own = Item("b", "faq", ("B của x",), ward="x")

    assert in_ward([shared, replaced, own], "x") == [True, False, True]
    assert in_ward([shared, replaced, own], "y") == [True, True, False]
    assert in_ward([shared, replaced, own], None) == [True, True, False]


# What of an entry becomes searchable


def test_every_kind_becomes_items_with_names_wordings_and_texts(library_folder):
    made = {(item.id, item.ward): item for item in items(contents.read(library_folder))}

    birth = made[("khai-sinh", None)]
    assert birth.titles == ("Đăng ký khai sinh", "làm giấy khai sinh", "khai sinh cho con", "Thủ tục đăng ký khai sinh")
    assert "vợ mới đẻ cần đi làm giấy cho cháu" in birth.wordings
    assert "quá hạn khai sinh thì sao" in birth.wordings
    assert birth.codes == ("1.000001", "2.000009")
    assert "tụi em tính làm đám cưới" in made[("ket-hon", None)].wordings  # keyed by its national code
    assert made[("tam-tru", None)].replaced_in == ("dong-mau",)
    assert made[("plan-dong-mau", "dong-mau")].family == made[("plan-dong-mau-zalo", "dong-mau")].family
    assert made[("outside", None)].wordings[0] == "kết quả xổ số miền bắc hôm nay"
    assert all(text for item in made.values() for _, text in item.passages())
    assert all(field in FIELDS for item in made.values() for field, _ in item.passages())


def test_what_is_for_staff_only_is_not_searchable(library_folder):
    texts = [text for item in items(contents.read(library_folder)) for _, text in item.passages()]

    assert not [text for text in texts if "Chưa rõ thời hạn mới" in text]


def test_an_item_is_equal_to_itself_read_twice(library_folder):
    one, other = (items(contents.read(library_folder)) for _ in range(2))

    assert one == other
    assert replace(one[0], titles=("khác",)) != one[0]

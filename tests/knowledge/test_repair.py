import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.repair import LONG_O, keys_left, one_slip_away, run_together
from knowledge.text import ONSETS, RIMES, fold, is_syllable, normalise, tokenise

SEEN = {
    plain: 5 + place
    for place, plain in enumerate(
        "dang ki khai sinh tam tru thuong ket hon giay to le phi bao nhieu tien can gi o dau lam ho khau cong chung "
        "nop phuong xa dat dai nha".split()
    )
}
SYLLABLES = sorted({onset + rime for onset in ONSETS.split("|") for rime in RIMES.split("|")})

TELEX = """
    ddawng=đăng kys=ký ddaats=đất soor=sổ ddor=đỏ hooj=hộ khaaru=khẩu keets=kết hoon=hôn laf=là
    giaays=giấy towf=tờ phuowngf=phường xax=xã nguwowif=người ngwowif=người dduowcj=được dduwowcj=được dduwocj=được
    khoong=không coong=công thoong=thông soos=số tieenf=tiền leej=lệ phis=phí caanf=cần gif=gì nhw=như nhwngx=những
    truwowngf=trường treen=trên trawm=trăm thuwr=thử tuwf=từ chuwa=chưa muoons=muốn quyeenf=quyền quoocs=quốc
    quys=quý quyr=quỷ hoaf=hòa khoer=khỏe thuees=thuế thuowr=thuở ruwowuj=rượu giuowngf=giường ginf=gìn
    nghieengs=nghiếng dangd=đang ddangw=đăng đươcj=được vowij=vợi ddeens=đến ddaau=đâu rooif=rồi nawm=năm
""".split()
VNI = """
    d9a8ng=đăng dang98=đăng ky1=ký d9a61t=đất d9at61=đất so63=sổ d9o3=đỏ ho65=hộ kha63u=khẩu khau63=khẩu ke61t=kết
    ho6n=hôn gia61y=giấy to72=tờ phu7o7ng2=phường phuong72=phường phuo72ng=phường xa4=xã ngu7o7i2=người nguo72i=người
    d9u7o7c5=được duoc975=được kho6ng=không khong6=không tie62n=tiền tien62=tiền le65=lệ phi1=phí ca62n=cần tru7o7ng2=trường
    na8m=năm muo61n=muốn quye62n=quyền quy1=quý hoa2=hòa ruo75u=rượu thue61=thuế
""".split()
NOT_KEYS = "khai sinh ko dc vneid facebook zalo ct07 na17 tk01 kt3 cccd email ssss www wen qr 2026 đăng ký hộ".split()


@pytest.mark.parametrize("pair", TELEX)
def test_telex_keys_left_as_typed_are_read(pair):
    keys, syllable = pair.split("=")

    assert keys_left(keys) == normalise(syllable)


@pytest.mark.parametrize("pair", VNI)
def test_vni_digits_left_as_typed_are_read(pair):
    keys, syllable = pair.split("=")

    assert keys_left(keys) == normalise(syllable)


@pytest.mark.parametrize("token", NOT_KEYS)
def test_what_holds_no_keys_is_left_alone(token):
    assert keys_left(token) is None


@pytest.mark.parametrize("syllable", ["xoong", "boong", "goong", "mooc"])
def test_the_few_syllables_with_a_real_double_o_are_left_alone(syllable):
    assert syllable in LONG_O
    assert keys_left(syllable) is None


def test_no_valid_syllable_is_ever_changed():
    valid = [plain for plain in SYLLABLES if "oo" not in plain]

    assert len(valid) > 2000
    assert [plain for plain in valid if keys_left(plain) is not None] == []
    assert [plain for plain in valid if run_together(plain, SEEN) is not None] == []


@given(
    st.sampled_from(SYLLABLES),
    st.sampled_from(["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]),
    st.integers(0, 6),
)
def test_no_valid_syllable_with_a_tone_is_ever_changed(plain, tone, place):
    marked = normalise(unicodedata.normalize("NFC", plain[: place + 1] + tone + plain[place + 1 :]))

    if "oo" not in plain and is_syllable(fold(marked)):
        assert keys_left(marked) is None
        assert run_together(marked, SEEN) is None


@given(st.text(alphabet="abcdeghiklmnopqrstuvxyđăâêôơưwfjzs0123456789", max_size=40))
def test_whatever_is_guessed_is_vietnamese(token):
    keyed = keys_left(token)
    cut = run_together(token, SEEN)

    assert keyed is None or is_syllable(fold(keyed))
    assert cut is None or (len(cut) > 1 and all(piece in SEEN for piece in cut))
    assert all(word in SEEN for word in one_slip_away(token, SEEN))


@pytest.mark.parametrize(
    ("together", "apart"),
    [
        ("dangkytamtru", "dang ki tam tru"),
        ("đăngkýkhaisinh", "dang ki khai sinh"),
        ("kethon", "ket hon"),
        ("tamtru", "tam tru"),
        ("hokhau", "ho khau"),
        ("giayto", "giay to"),
        ("lephibaonhieu", "le phi bao nhieu"),
        ("congchunggiayto", "cong chung giay to"),
        ("khaisinh", "khai sinh"),
        ("nopodau", "nop o dau"),
    ],
)
def test_words_run_together_are_cut_where_known_syllables_meet(together, apart):
    assert run_together(tokenise(together)[0], SEEN) == apart.split()


@pytest.mark.parametrize("token", ["khai", "giay", "facebook", "zzzzzz", "dangkyxyz", "ct0711", "ab"])
def test_what_cannot_be_cut_into_known_syllables_stays_whole(token):
    assert run_together(token, SEEN) is None


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("sihn", "sinh"),  # two letters swapped
        ("sih", "sinh"),  # one left out
        ("khaai", "khai"),  # one too many
        ("dsng", "dang"),  # a wrong one
        ("phuogn", "phuong"),
        ("thuogn", "thuong"),
        ("ggiay", "giay"),
        ("nhieuu", "nhieu"),
        ("kaht", None),
        ("ki", None),
    ],
)
def test_one_slip_of_the_finger_is_seen_through(slip, meant):
    found = one_slip_away(slip, SEEN)

    assert found == [] if meant is None else meant in found


@pytest.mark.parametrize("plain", sorted(SEEN))
def test_a_syllable_that_the_collection_knows_is_no_slip(plain):
    assert one_slip_away(plain, SEEN) == []


def test_the_commonest_guesses_come_first_and_no_more_than_asked_for():
    seen = {"tam": 2, "tim": 9, "tem": 9, "tom": 1}

    assert one_slip_away("txm", seen) == ["tem", "tim"]
    assert one_slip_away("txm", seen, most=3) == ["tem", "tim", "tam"]


def test_a_token_of_thousands_of_letters_is_not_worth_guessing_at():
    assert keys_left("s" * 4000) is None
    assert one_slip_away("a" * 4000, SEEN) == []

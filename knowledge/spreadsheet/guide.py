"""
The first sheet of an exported file: how to edit it, for people who know Excel. Also the page beside CSV files.
"""

from collections.abc import Iterator

HEAD = "Sửa nội dung của trợ lý bằng Excel"
ABOUT = (
    "Sửa xong, anh/chị lưu tệp rồi gửi lại ở trang “Nhập, xuất Excel”. Hệ thống kiểm tra và cho xem trước; chưa bấm đồng ý thì chưa "
    "có gì thay đổi."
)
_OWN = (
    (
        "Bỏ một mục",
        "Xóa cả dòng (bấm chuột phải vào số dòng, chọn Xóa). Chỉ bỏ được mục “Riêng” của phường, xã; mục “Chung” thì vẫn còn.",
    ),
    (
        "Mục “Chung”",
        "Là nội dung dùng cho mọi phường, xã. Sửa ở tệp này thì thành bản riêng của phường, xã mình; nơi khác không đổi.",
    ),
)
_SHARED = (
    ("Nội dung dùng chung", "Sửa ở tệp này là đổi cho mọi phường, xã, trừ nơi đã có bản riêng của mục đó."),
    ("Bỏ một mục", "Không bỏ được bằng tệp, vì mọi phường, xã cùng dùng. Anh/chị bỏ ở trang Nội dung."),
)
_FIRST = (
    ("Sửa một mục", "Gõ thẳng vào ô. Ô nào không sửa thì giữ nguyên. Xóa chữ trong ô là bỏ phần đó."),
    (
        "Thêm một mục",
        "Ghi vào dòng trống dưới cùng, để trống cột “Mã”: hệ thống tự đặt mã. Cột có dấu * thì phải điền.",
    ),
)
_THEN = (
    ("Ô có nhiều ý", "Mỗi dòng trong ô một ý; xuống dòng trong ô bằng Alt+Enter."),
    (
        "Hồ sơ, trường hợp",
        "Giấy tờ của thủ tục ở trang tính “Thành phần hồ sơ”, tình huống riêng ở “Trường hợp riêng”: mỗi dòng ghi mã và tên của mục "
        "nó thuộc về. Giấy tờ của mục mới thì để trống mã, ghi đúng tên mục.",
    ),
    ("Ngày", "Ghi ngày/tháng/năm, ví dụ 20/11/2026, hoặc tháng/năm, ví dụ 11/2026."),
    ("Số tiền", "Ghi chữ số, ví dụ 10000."),
    ("Được phép", "Lọc, sắp xếp, ẩn dòng, đổi chỗ cột, thêm trang tính ghi chú riêng. Dòng bị ẩn vẫn được tính."),
    ("Không nên", "Gộp ô, dùng công thức, đổi tên cột hoặc tên trang tính, sửa cột “Mã”."),
    ("Lưu tệp", "Giữ kiểu Excel (.xlsx). Dùng LibreOffice hay Google Trang tính cũng được, miễn là lưu thành .xlsx."),
)


def lines(ward: str, named: str, made: str) -> Iterator[tuple[str, bool]]:
    """
    Yield (line, whether it is a heading).
    """
    day = "/".join(reversed(made.split("-")))
    yield HEAD, True
    yield f"Nội dung của: {named}. Tải về ngày {day}.", False
    yield ABOUT, False
    for title, text in (*_FIRST, *(_OWN if ward else _SHARED), *_THEN):
        yield title, True
        yield text, False

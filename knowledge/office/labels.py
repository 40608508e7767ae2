"""
What each field is called on the pages and in Excel, and what to write into it; for staff, in Vietnamese.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """
    `form` says how a text is entered: text is one line, long a few sentences, lines a list with a sentence to a line.
    """

    label: str
    hint: str = ""
    form: str = ""


_NAMES = Label("Tên gọi khác", "Mỗi dòng một tên ngắn mà người dân hay gọi. Có tác dụng ngay khi lưu.")
_ASKED = Label("Câu hỏi của người dân", "Mỗi dòng một câu, viết đúng như người dân hay hỏi.", "lines")
_TO_CHECK = Label("Việc cần kiểm tra lại", "Ghi chú cho cán bộ, người dân không thấy. Mỗi dòng một ý.", "lines")
_SOURCES = Label("Nguồn", "Mỗi dòng một nguồn, ví dụ tên văn bản hoặc trang đã tra cứu.")
_AS_OF = Label("Đúng tại thời điểm", "Ngày hoặc tháng đã kiểm tra nội dung này, ví dụ 2026-11-20 hoặc 2026-11.")
_CONFIDENCE = Label("Mức chắc chắn", "Chọn “chưa xác minh” thì trợ lý không nói nội dung này như điều chắc chắn.")
_REVIEW_BY = Label("Xem lại trước ngày", "Đến ngày này trang “Nội dung cần xem lại” sẽ nhắc.")
_VALID_UNTIL = Label(
    "Có giá trị đến hết ngày", "Qua ngày này trợ lý tự ngừng trả lời mục này. Để trống nếu không có hạn."
)

LABELS: dict[str, Label] = {
    # every entry
    "id": Label("Mã", "Chữ thường không dấu, nối bằng gạch ngang, ví dụ gio-lam-viec. Đã lưu rồi thì không đổi."),
    "title": Label("Tiêu đề", "Viết như để người dân đọc."),
    "aliases": _NAMES,
    "family": Label("Nhóm mục gần giống nhau", "Các mục dễ lẫn với nhau mang chung một mã nhóm."),
    "variant": Label("Điểm khác trong nhóm", "Cụm từ cho biết mục này khác các mục cùng nhóm ở chỗ nào."),
    "told_apart": Label("Phân biệt với mục khác", "Câu hỏi lại khi lời người dân hợp với cả hai mục."),
    "told_apart.other": Label("Mã mục kia"),
    "told_apart.question": Label(
        "Câu hỏi lại", "Nêu mục kia trước, ví dụ: Anh/chị cần bản sao hay đăng ký lại?", "long"
    ),
    "told_apart.words": Label(
        "Từ đã nói rõ", "Người dân đã nói một trong các từ này thì không hỏi lại. Mỗi dòng một từ."
    ),
    "told_apart.this_when": Label("Trả lời thế này là mục này", "Mỗi dòng một cách trả lời."),
    "told_apart.other_when": Label("Trả lời thế này là mục kia", "Mỗi dòng một cách trả lời."),
    "questions": _ASKED,
    "unverified": Label("Phần chưa xác minh", "Các phần được chọn vẫn giữ lại nhưng trợ lý không nói với người dân."),
    "to_check": _TO_CHECK,
    "legal_basis": Label(
        "Căn cứ pháp lý", "Mỗi dòng một văn bản, ghi số hiệu, ví dụ Nghị định 335/2026/NĐ-CP.", "lines"
    ),
    "sources": _SOURCES,
    "as_of": _AS_OF,
    "confidence": _CONFIDENCE,
    "review_by": _REVIEW_BY,
    "valid_until": _VALID_UNTIL,
    "link": Label("Đường dẫn", "Địa chỉ trang mạng, bắt đầu bằng https://"),
    "covers": Label("Mã các mục nói cùng điều này", "Mỗi dòng một mã."),
    "cases": Label("Trường hợp riêng", "Tình huống đặc biệt người dân hay hỏi, có câu trả lời ngắn riêng."),
    "cases.about": Label("Trường hợp", "Ví dụ: Quá hạn mới đi làm."),
    "cases.questions": Label("Câu hỏi của trường hợp này", "Mỗi dòng một câu.", "lines"),
    "cases.text": Label("Câu trả lời", "Một đến ba câu.", "long"),
    # faq
    "faq.title": Label("Câu hỏi", "Viết đủ câu như phường, xã muốn in ra."),
    "faq.questions": Label("Cách hỏi khác", "Mỗi dòng một cách hỏi khác của cùng câu này.", "lines"),
    "faq.answer": Label("Câu trả lời", "Hai, ba câu trọn ý, đúng như sẽ hiện cho người dân.", "long"),
    # procedure
    "code": Label("Mã thủ tục quốc gia", "Ví dụ 1.001193."),
    "old_codes": Label("Mã cũ", "Mỗi dòng một mã thủ tục đã dùng trước đây."),
    "field": Label("Lĩnh vực", "Ví dụ: Hộ tịch."),
    "official_title": Label("Tên đầy đủ theo quyết định công bố", "", "long"),
    "summary": Label("Tóm tắt", "Một câu: để làm gì, khi nào cần.", "long"),
    "applicants": Label("Ai được làm, ai phải làm", "", "long"),
    "papers": Label("Thành phần hồ sơ", "Mỗi dòng một loại giấy tờ."),
    "papers.text": Label("Giấy tờ", "Tên giấy tờ như người dân hiểu.", "text"),
    "papers.form": Label("Mẫu đơn", "Số hiệu mẫu, nếu có."),
    "papers.copies": Label("Số lượng", "Ví dụ: 1 bản chính."),
    "papers.when": Label("Khi nào cần", "Để trống nếu ai cũng phải nộp."),
    "papers_note": Label("Ghi chú về hồ sơ", "Một câu về cả bộ hồ sơ.", "long"),
    "fee": Label("Phí, lệ phí"),
    "fee.text": Label("Phí, lệ phí", "Câu nói với người dân, ví dụ: 8.000 đồng mỗi bản.", "long"),
    "fee.dong": Label("Số tiền (đồng)", "Chỉ điền khi mọi nơi cùng một mức; miễn phí thì ghi 0. Không ghi dấu chấm."),
    "fee.exemptions": Label("Ai được miễn, giảm", "Mỗi dòng một trường hợp.", "lines"),
    "time": Label("Thời hạn giải quyết"),
    "time.text": Label("Thời hạn giải quyết", "Câu nói với người dân, ví dụ: 3 ngày làm việc.", "long"),
    "time.working_days": Label("Số ngày làm việc", "Chỉ điền khi quy định tính bằng ngày làm việc."),
    "place": Label("Nơi nộp", "Tên nơi nộp, không ghi địa chỉ: địa chỉ lấy ở thông tin phường, xã.", "long"),
    "authority": Label("Cơ quan giải quyết"),
    "online": Label("Nộp trực tuyến"),
    "online.level": Label("Nộp trực tuyến", "Mức dịch vụ công trực tuyến."),
    "online.text": Label("Ghi chú về nộp trực tuyến", "", "long"),
    "post": Label("Nhận qua bưu chính"),
    "conditions": Label("Điều kiện", "Mỗi dòng một điều kiện.", "lines"),
    "result": Label("Kết quả nhận được", "", "long"),
    "notes": Label("Lưu ý", "Mỗi dòng một lưu ý.", "lines"),
    # service
    "topic": Label("Chủ đề", "Ví dụ: Liên hệ."),
    "service.summary": Label("Câu trả lời chính", "Trả lời thẳng câu hỏi thường gặp nhất.", "long"),
    "details": Label("Nói thêm", "Mỗi dòng một ý ngắn, nói kèm câu trả lời chính.", "lines"),
    "steps": Label("Các bước", "Mỗi dòng một bước, theo thứ tự.", "lines"),
    "phone": Label("Số điện thoại", "Chỉ ghi số mà nguồn đã nêu."),
    "ward_value": Label("Lấy từ thông tin phường, xã", "Câu trả lời là giá trị này của từng phường, xã."),
    "fallback": Label("Mục thay thế", "Mã mục có số điện thoại để nói tạm khi phường, xã chưa nhập số của mình."),
    # ward
    "slug": Label("Mã phường, xã", "Tên không dấu, nối bằng gạch ngang; cũng là địa chỉ trang trò chuyện."),
    "name": Label("Tên", "Tên dùng giữa câu, ví dụ: phường Hòa Bình."),
    "unit": Label("Loại đơn vị"),
    "province": Label("Tỉnh, thành phố", "Có cả chữ tỉnh hoặc thành phố."),
    "former_names": Label("Tên cũ", "Mỗi dòng một tên đơn vị cũ đã nhập vào hoặc tên trước đây."),
    "former_district": Label("Quận, huyện trước đây", "Trước ngày 01/7/2025; không rõ thì để trống."),
    "address": Label("Địa chỉ", "Trụ sở nơi người dân nộp hồ sơ.", "long"),
    "hours": Label("Giờ làm việc", "Viết thành câu như muốn trợ lý đọc cho người dân.", "long"),
    "hotlines": Label("Đường dây nóng", "Số đầu tiên được nêu khi trợ lý không trả lời được."),
    "hotlines.label": Label("Của ai", "Ví dụ: Quầy một cửa."),
    "hotlines.number": Label("Số điện thoại"),
    "desk": Label("Tên quầy một cửa", "Như ghi trên bảng hiệu."),
    "desk_hours": Label("Giờ cán bộ trực trả lời tin nhắn", "Mỗi dòng một buổi; ngày nghỉ trưa thì ghi hai dòng."),
    "desk_hours.day": Label("Thứ"),
    "desk_hours.opens": Label("Từ", "Ví dụ 07:30."),
    "desk_hours.closes": Label("Đến", "Ví dụ 11:30."),
    "desk_closed": Label("Ngày nghỉ", "Mỗi dòng một ngày lễ, Tết, ví dụ 2027-01-01."),
    "map_link": Label("Đường dẫn bản đồ"),
    "website": Label("Trang thông tin điện tử"),
    "facebook": Label("Trang Facebook"),
    "zalo": Label("Trang Zalo OA"),
    "neighbourhood_word": Label("Cách gọi khu dân cư", "Khu phố, tổ dân phố hay thôn."),
    "neighbourhoods": Label("Tên các khu dân cư", "Mỗi dòng một tên."),
    # plan
    "year": Label("Năm"),
    "number": Label("Số, ký hiệu", "Ví dụ 12/KH-UBND."),
    "date": Label("Ngày ban hành", "Ví dụ 05/01/2026.", "text"),
    "signer": Label("Người ký"),
    "signer.name": Label("Người ký"),
    "signer.position": Label("Chức vụ người ký"),
    "status": Label(
        "Hiện nay đọc kế hoạch này thế nào", "Một câu, ví dụ: Kế hoạch của năm trước, còn để tham khảo.", "long"
    ),
    "plan.summary": Label("Tóm tắt kế hoạch", "Một hai câu.", "long"),
    "budget": Label("Kinh phí", "", "long"),
    "audience": Label("Đối tượng tuyên truyền", "Mỗi dòng một đối tượng."),
    "contents": Label("Nội dung tuyên truyền", "Mỗi dòng một nội dung.", "lines"),
    "emphasis": Label("Lĩnh vực được nhấn mạnh", "Mỗi dòng một lĩnh vực.", "lines"),
    "forms": Label("Hình thức tuyên truyền", "Mỗi dòng một hình thức.", "lines"),
    "channels": Label("Kênh tuyên truyền", "Mỗi dòng một kênh."),
    "indices": Label("Các chỉ số", "Mỗi dòng một chỉ số.", "lines"),
    "promises": Label("Cam kết với người dân", "Mỗi dòng một cam kết.", "lines"),
    "tasks": Label("Nhiệm vụ", "Bảng phân công; chỗ nào kế hoạch để trống thì để trống."),
    "tasks.task": Label("Việc", "", "long"),
    "tasks.lead": Label("Chủ trì"),
    "tasks.partners": Label("Phối hợp", "", "long"),
    "tasks.time": Label("Thời gian"),
    "tasks.product": Label("Sản phẩm"),
    "units": Label("Trách nhiệm của từng đơn vị"),
    "units.unit": Label("Đơn vị"),
    "units.work": Label("Việc được giao", "", "long"),
    "kpis": Label("Chỉ tiêu"),
    "kpis.text": Label("Chỉ tiêu", "Viết thành câu.", "long"),
    "kpis.value": Label("Con số"),
    "kpis.unit": Label("Đơn vị tính"),
    "facts": Label("Điều cần nhớ trong kế hoạch", "Mỗi dòng một điều người dân hay hỏi."),
    "facts.text": Label("Nội dung", "Một câu trọn ý.", "long"),
    "publicised": Label("Văn bản được tuyên truyền", "Mỗi dòng một văn bản."),
}

CHOICES: dict[str, dict[str, str]] = {
    "confidence": {"sure": "Chắc chắn", "likely": "Khá chắc", "unverified": "Chưa xác minh"},
    "online.level": {
        "full": "Toàn trình", "partial": "Một phần", "yes": "Có nhận, chưa rõ mức", "no": "Không nhận trực tuyến",
    },
    "post": {"true": "Có", "false": "Không"},
    "ward_value": {"hotline": "Đường dây nóng", "hours": "Giờ làm việc", "address": "Địa chỉ"},
    "unit": {"phường": "phường", "xã": "xã", "đặc khu": "đặc khu"},
    "unverified": {
        "fee": "Phí, lệ phí", "time": "Thời hạn giải quyết", "papers": "Thành phần hồ sơ", "place": "Nơi nộp", "online": "Nộp trực tuyến",
        "conditions": "Điều kiện", "notes": "Lưu ý", "result": "Kết quả nhận được", "applicants": "Ai được làm", "authority": "Cơ quan giải quyết",
        "basis": "Căn cứ pháp lý", "post": "Nhận qua bưu chính",
    },
    "desk_hours.day": {day: day for day in ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")},
}  # fmt: skip

# What only few ever need: pages keep it folded away.
SELDOM = {
    "family",
    "variant",
    "told_apart",
    "covers",
    "fallback",
    "old_codes",
    "ward_value",
    "official_title",
    "unverified",
    "slug",
}

"""
Texts to begin the usual announcements with. Blanks stand in square brackets; nothing is submitted while one is left.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.announcements.announcement import Kind, Outlet

USUAL: tuple[Outlet, ...] = ("zalo_article", "facebook_post", "telegram_post", "web", "messages")
ALL: tuple[Outlet, ...] = (*USUAL, "loudspeaker", "notice")


class Template(NamedTuple):
    """
    `topic`: one of bot/announcements/topics.py. `about`: when to take it.
    """

    label: str
    about: str
    title: str
    text: str
    key_line: str
    topic: str | None
    outlets: tuple[Outlet, ...] = ALL
    kind: Kind = "normal"


EMPTY = "khac"
TEMPLATES: dict[str, Template] = {
    "cat-dien": Template(
        "Cắt điện",
        "Ngừng cấp điện để sửa chữa, có lịch báo trước",
        "Tạm ngừng cấp điện ngày [ngày, tháng]",
        "[Tên điện lực] tạm ngừng cấp điện để [lý do] từ [giờ bắt đầu] đến [giờ kết thúc] ngày [ngày, tháng, năm] "
        "tại [khu vực mất điện].\n\n"
        "Anh/chị chủ động sạc điện thoại, trữ nước và ngắt các thiết bị điện trước giờ trên. "
        "Điện có thể được đóng lại sớm hơn dự kiến, nên luôn coi như đường dây đang có điện.\n\n"
        "Cần hỏi thêm, anh/chị gọi tổng đài điện lực [số điện thoại].",
        "Mất điện từ [giờ bắt đầu] đến [giờ kết thúc] ngày [ngày, tháng] tại [khu vực mất điện].",
        "dien-nuoc",
    ),
    "cat-nuoc": Template(
        "Cắt nước",
        "Ngừng hoặc giảm cấp nước sạch",
        "Tạm ngừng cấp nước ngày [ngày, tháng]",
        "[Tên đơn vị cấp nước] tạm ngừng cấp nước để [lý do] từ [giờ bắt đầu] đến [giờ kết thúc] "
        "ngày [ngày, tháng, năm] tại [khu vực mất nước].\n\n"
        "Anh/chị trữ đủ nước dùng trong thời gian này. Khi có nước lại, anh/chị xả bỏ nước đục ít phút trước khi dùng.\n\n"
        "Cần hỏi thêm, anh/chị gọi [số điện thoại].",
        "Mất nước từ [giờ bắt đầu] đến [giờ kết thúc] ngày [ngày, tháng] tại [khu vực mất nước].",
        "dien-nuoc",
    ),
    "tiem-chung": Template(
        "Tiêm chủng",
        "Ngày tiêm chủng mở rộng, tiêm chiến dịch",
        "Tiêm [tên vắc xin] ngày [ngày, tháng]",
        "Trạm y tế tổ chức tiêm [tên vắc xin] cho [đối tượng, độ tuổi] từ [giờ bắt đầu] đến [giờ kết thúc] "
        "ngày [ngày, tháng, năm] tại [địa điểm].\n\n"
        "Khi đi, anh/chị mang theo [giấy tờ cần mang]. Người đang sốt hoặc đang có bệnh cấp tính "
        "cần báo với nhân viên y tế trước khi tiêm.\n\n"
        "Cần hỏi thêm, anh/chị gọi trạm y tế [số điện thoại].",
        "Tiêm [tên vắc xin] ngày [ngày, tháng] tại [địa điểm].",
        "y-te",
    ),
    "bao": Template(
        "Bão, mưa lũ",
        "Báo khẩn khi bão, mưa lũ sắp đến",
        "Ứng phó [tên cơn bão hoặc đợt mưa]",
        "Theo [nguồn dự báo], [tên cơn bão hoặc đợt mưa] có thể ảnh hưởng đến địa bàn từ [giờ] ngày [ngày, tháng].\n\n"
        "Anh/chị chằng chống nhà cửa, đưa người già, trẻ em và đồ đạc lên nơi cao, không ra ngoài khi gió mạnh, "
        "không đi qua nơi nước chảy xiết. Nơi sơ tán: [địa điểm sơ tán].\n\n"
        "Cần cứu giúp, anh/chị gọi 112 hoặc số trực của địa phương [số điện thoại].",
        "[Tên cơn bão hoặc đợt mưa] đến từ [giờ] ngày [ngày, tháng]. Nơi sơ tán: [địa điểm sơ tán].",
        "thien-tai",
        kind="emergency",
    ),
    "cccd": Template(
        "Làm căn cước lưu động",
        "Công an về khu dân cư làm thẻ căn cước",
        "Làm thẻ căn cước lưu động ngày [ngày, tháng]",
        "Công an làm thủ tục cấp thẻ căn cước lưu động từ [giờ bắt đầu] đến [giờ kết thúc] ngày [ngày, tháng, năm] "
        "tại [địa điểm], dành cho [đối tượng].\n\n"
        "Khi đi, anh/chị mang theo [giấy tờ cần mang]. Người già yếu, khuyết tật không đi lại được, "
        "gia đình báo trước để được làm tại nhà.\n\n"
        "Cần hỏi thêm, anh/chị gọi [số điện thoại].",
        "Làm thẻ căn cước lưu động ngày [ngày, tháng] tại [địa điểm].",
        "an-ninh",
    ),
    "truc-tuyen": Template(
        "Dịch vụ công trực tuyến",
        "Vận động, hướng dẫn nộp hồ sơ qua mạng",
        "Nộp hồ sơ [tên thủ tục] qua mạng",
        "Anh/chị nộp hồ sơ [tên thủ tục] được ngay tại nhà trên Cổng Dịch vụ công quốc gia, "
        "đăng nhập bằng tài khoản định danh điện tử VNeID.\n\n"
        "Chưa quen làm, anh/chị đến [địa điểm hướng dẫn] vào [ngày, giờ] để được hướng dẫn từng bước.\n\n"
        "Cần hỏi thêm, anh/chị nhắn cho trợ lý của phường, xã hoặc gọi [số điện thoại].",
        "Hồ sơ [tên thủ tục] nộp được qua mạng, anh/chị không phải đi lại.",
        "cchc",
    ),
    "tiep-cong-dan": Template(
        "Ngày tiếp công dân",
        "Lịch tiếp công dân của lãnh đạo",
        "Tiếp công dân ngày [ngày, tháng]",
        "[Chức vụ người tiếp] tiếp công dân từ [giờ bắt đầu] đến [giờ kết thúc] ngày [ngày, tháng, năm] "
        "tại [địa điểm].\n\n"
        "Khi đến, anh/chị mang theo giấy tờ tùy thân và các giấy tờ liên quan đến việc muốn trình bày.\n\n"
        "Cần đăng ký trước, anh/chị gọi [số điện thoại].",
        "Tiếp công dân ngày [ngày, tháng] tại [địa điểm].",
        "cchc",
    ),
    "nghi-le": Template(
        "Nghỉ lễ, Tết",
        "Lịch nghỉ và cách nộp hồ sơ trong ngày nghỉ",
        "Lịch nghỉ [tên ngày lễ]",
        "Nơi tiếp nhận hồ sơ nghỉ [tên ngày lễ] từ [ngày bắt đầu nghỉ] đến hết [ngày nghỉ cuối], "
        "làm việc lại từ [giờ] ngày [ngày làm việc lại].\n\n"
        "Trong ngày nghỉ, anh/chị vẫn nộp hồ sơ được trên Cổng Dịch vụ công quốc gia và vẫn nhắn hỏi trợ lý được.\n\n"
        "Việc gấp không chờ được, anh/chị gọi số trực [số điện thoại].",
        "Nghỉ [tên ngày lễ] từ [ngày bắt đầu nghỉ] đến hết [ngày nghỉ cuối].",
        "cchc",
    ),
    EMPTY: Template("Việc khác", "Bắt đầu từ trang trắng", "", "", "", None, outlets=USUAL),
}

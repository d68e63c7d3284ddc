"""An applicant's way, without a script: find, fill in, hand in, follow."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from studio.accounts import Accounts
from studio_visitor import ACCOUNTS, Visitor, make_studio

MATTER = "public_venue_hygiene"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SHOP = replace(
    ACCOUNTS.by_name["applicant"],
    person="济宁市任城区示例美发店",
    id_number="92370811MA3C00011H",
    kind="个体工商户",
)
OTHER = replace(SHOP, name="other", person="另一家店", id_number="92370811MA3C00054W")

PLACE = {
    "f_场所在本辖区内": "yes", "f_经营场所": "济宁市任城区示例路1号", "f_营业面积": "42.5",
    "f_图示面积": "42.5", "f_设有消毒间": "yes",
}  # fmt: skip
STAFF = {
    "f_负责人证件号码": "11010519491231002X", "f_卫生管理人员数": "1", "f_直接服务人员数": "1",
    "f_从业人员-0-f_姓名": "陈示例", "f_从业人员-0-f_健康证编号": "YS-JKZ-0002",
    "f_从业人员-0-f_健康证有效期至": "2027-02-28", "f_一年内曾因虚假申请被处理": "no",
}  # fmt: skip
REPORT = {
    "f_检测报告日期": "2026-09-15", "f_检测机构有CMA资质": "yes",
    "f_检测项目": ["空气", "采光照明", "用具"], "f_检测合格": "yes",
}  # fmt: skip
UPLOADS = (
    "site_plans",
    "hygiene_report",
    "hygiene_rules",
    "health_certificates",
)


@pytest.fixture(scope="module")
def app() -> Flask:
    accounts = {**ACCOUNTS.by_name, "applicant": SHOP, "other": OTHER}
    return make_studio(accounts=Accounts(accounts), open_registers=True)


class Applicant(Visitor):
    """A visitor who keeps the draft's address and what its pages hide."""

    def begin(self, **more: str) -> str:
        answer = self.post(f"/apply/matters/{MATTER}/begin", {"region": "370811", **more})
        assert answer.status_code == 302, answer.text
        self.draft = answer.headers["Location"]
        return self.draft

    def page(self, name: str) -> str:
        answer = self.get(f"{self.draft}/steps/{name}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def fill(self, name: str, answers: dict[str, Any], **more: Any) -> TestResponse:
        hidden = re.findall(r'name="(version|window|turn)" value="([^"]*)"', self.page(name))
        return self.post(f"{self.draft}/steps/{name}", {**dict(hidden), **answers, **more})

    def hand_in(self, material: str, content: bytes = PDF, name: str = "文件.pdf") -> TestResponse:
        data = {"file": (io.BytesIO(content), name)}
        url = f"{self.draft}/materials/{material}"
        return self.post(url, data, content_type="multipart/form-data")

    def fill_in_all(self) -> None:
        assert self.fill("situation", {"f_场所类型": "理发"}).status_code == 302
        for name, answers in (("1", PLACE), ("2", STAFF), ("3", REPORT)):
            answer = self.fill(name, answers)
            assert answer.status_code == 302, words(answer.text)
        for material in UPLOADS:
            assert self.hand_in(material).status_code == 302


def words(page: str) -> str:
    main = page[page.index("<main") :] if "<main" in page else page
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_the_whole_way_of_an_applicant(app: Flask) -> None:
    person = Applicant(app, "applicant")
    assert MATTER in person.get("/apply", query_string={"q": "理发"}).text
    assert "开始办理" in person.get(f"/apply/matters/{MATTER}").text
    person.begin()
    person.fill_in_all()
    materials = words(person.get(f"{person.draft}/materials").text)
    assert "已关联电子证照证明，可免提交" in materials
    review = words(person.get(f"{person.draft}/review").text)
    assert "各项条件都满足" in review
    answer = person.post(f"{person.draft}/review", {"truth": "y"})
    assert answer.status_code == 302, words(answer.text)
    submitted = words(person.get(answer.headers["Location"]).text)
    number = re.search(r"3708112026\d+", submitted)
    assert number is not None
    assert number[0] in person.get("/my").text
    assert person.get(person.draft).status_code == 404, "the draft became the case"

"""Files of any name are offered in a header that every server can send."""

import pytest

from studio.downloads import offered_as


@pytest.mark.parametrize("name", ["证照〔2026〕.pdf", 'a"b;c\r\nX: y.pdf', "plain.pdf", "𠮷.docx"])
def test_a_name_is_sent_in_ascii_and_kept(name: str) -> None:
    from urllib.parse import unquote

    header = offered_as(name)
    header.encode("ascii")
    assert "\n" not in header
    assert unquote(header.split("UTF-8''")[1]) == name

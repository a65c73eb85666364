"""The switch between languages: a cookie, and back to where it was pressed."""

from __future__ import annotations

import json

import pytest


def choose(site, language, **headers):
    return site.get(f"/api/language/{language}", **headers)


def address(site):
    return f"http://127.0.0.1:{site.port}"


def test_the_choice_is_kept_and_leads_back_to_the_page_with_its_settings(site):
    status, headers, _body = choose(site, "zh", Referer=f"{address(site)}/cnn?cnn_lr=0.01&run=abc")
    assert (status, headers["location"]) == (303, "/cnn?cnn_lr=0.01&run=abc")
    cookie = headers["set-cookie"]
    assert cookie.startswith("livetorch_language=zh; ") and "HttpOnly" in cookie and "Secure" not in cookie
    assert "Secure" in choose(site, "en", **{"X-Forwarded-Proto": "https"})[1]["set-cookie"]


@pytest.mark.parametrize("page", ["http://elsewhere.example/cnn", "{site}//elsewhere.example/", "nonsense", ""])
def test_a_link_from_elsewhere_leads_to_the_front_page(site, page):
    assert choose(site, "zh", Referer=page.format(site=address(site)))[1]["location"] == "/"


def test_a_language_that_is_not_there_is_refused(site):
    status, headers, body = choose(site, "tlh")
    assert status == 404 and "language" in json.loads(body)["error"] and "set-cookie" not in headers


def test_what_was_chosen_goes_before_what_the_browser_asks_for(site):
    def refusal(path="/api/runs/none", **headers):
        return json.loads(site.get(path, **headers)[2])["error"]

    english = refusal()
    chinese = refusal(**{"Accept-Language": "zh-CN,zh;q=0.9"})
    assert english.isascii() and not chinese.isascii()
    assert refusal(Cookie="livetorch_language=zh") == chinese
    assert refusal(Cookie="livetorch_language=en", **{"Accept-Language": "zh-CN"}) == english
    assert refusal(Cookie="livetorch_language=../../x") == english

"""``/profile``: answers in the address, conditional questions, advice with reasons, what a new line of business adds."""

from __future__ import annotations

import tomllib

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.saying import questionnaire
from kb.profiles import assess, questions, read_profile
from kb.profiles.page import GUIDANCE

PAINTING = "form=website&form=wechat&audience=public&charge=paid&output=image&model=filed_api&minors=no"


class Args(dict[str, list[str]]):
    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


async def main_of(reader, path: str, **params: str):
    answer = await reader.get(path, params=params or None)
    assert answer.status_code == 200
    return Html(answer.text).css_first("main")


async def test_only_questions_that_always_arise_are_asked_first(reader):
    main = await main_of(reader, "/profile")
    asked = {field.attributes["id"].removeprefix("q-") for field in main.css("fieldset")}
    assert asked == {key for key, question in questions().items() if not question.ask_if}
    assert main.css_first("form").attributes["method"] == "get"


async def test_an_answer_raises_the_questions_that_depend_on_it(reader):
    main = await main_of(reader, "/profile?output=image")
    assert "带出了 2 个新问题：模型来源、陪伴互动" in main.text()
    assert main.css_first("fieldset.new#q-model") is not None
    assert (await main_of(reader, "/profile?output=none")).css_first("#q-model") is None


async def test_the_advice_is_that_of_the_verb_each_with_reason_basis_and_rule(reader):
    main = await main_of(reader, f"/profile?{PAINTING}")
    text = main.text()
    made = read_profile(main.css("pre.copy")[1].text())
    advice = assess(made)
    assert advice
    for each in advice:
        assert each.reason in text
        assert main.css_first(f'a[href="/licence/{each.licence}"]') is not None
        assert each.rule in text
    assert GUIDANCE in text
    changes = main.css_first("a.button").attributes["href"]
    assert "deep-synthesis-filing" in changes
    assert (await reader.get(changes)).status_code == 200


async def test_the_file_to_copy_holds_the_answers(reader):
    main = await main_of(reader, f"/profile?{PAINTING}")
    answers = tomllib.loads(main.css("pre.copy")[1].text())["answers"]
    assert answers == {
        "form": ["website", "wechat"],
        "audience": "public",
        "charge": "paid",
        "output": ["image"],
        "model": ["filed_api"],
        "minors": False,
    }


async def test_a_new_line_of_business_is_set_beside_the_old(reader):
    main = await main_of(reader, f"/profile?{PAINTING}")
    (again,) = [a.attributes["href"] for a in main.css("a") if "base=" in a.attributes["href"]]
    form = await main_of(reader, again.partition("#")[0])
    base = form.css_first('input[name="base"]').attributes["value"]
    answers = questionnaire.unpacked(base).answers
    music = questionnaire.query({**answers, "output": ("image", "music", "drama")}, base=base)
    told = await main_of(reader, f"/profile?{music}")
    text = told.css_first("#difference").parent.text()
    assert "图片 → 图片、音乐、短剧、漫剧" in text
    headings = [heading.text() for heading in told.css("h3")]
    assert any(heading.startswith("新增") for heading in headings)
    assert (
        "涉及的事项相同"
        in (await main_of(reader, f"/profile?{PAINTING}&scale=&accounts=yes&base={base}")).text()
    )


@pytest.mark.parametrize("key", list(questions()))
async def test_no_answer_breaks_the_page_and_what_is_none_is_named(reader, key):
    raising = {"output": "image,avatar", "biometrics": "face_edit"}
    main = await main_of(reader, "/profile", **{**raising, key: "<script>1</script>"})
    assert "读不懂，已略去" in main.text()
    assert main.css_first("script") is None


async def test_hostile_bases_are_left_out(reader):
    for base in ("form:x;;:;" * 50, "\x00", "form", "output:none,image;model:own"):
        await main_of(reader, "/profile", form="website", base=base)


def test_packed_answers_are_read_again() -> None:
    given = questionnaire.given(Args(form=["website,wechat"], province=["浙江省"], output=["none", "image"]))
    assert given.answers == {"form": ("website", "wechat"), "output": ("image",), "province": ("浙江",)}
    assert questionnaire.unpacked(questionnaire.packed(given.answers)) == given


def test_an_answer_to_a_question_that_does_not_arise_is_dropped() -> None:
    assert questionnaire.given(Args(output=["none"], model=["own"])).answers == {"output": ("none",)}


async def test_the_questions_speak_english(reader):
    text = (await main_of(reader, f"/profile?lang=en&{PAINTING}")).text()
    assert "In what form is the service offered?" in text
    assert "Usually applies" in text
    assert "guidance, not legal advice" in text


async def test_nothing_of_the_answers_is_remembered(reader):
    answer = await reader.get(f"/profile?{PAINTING}")
    assert "etag" not in answer.headers
    assert "set-cookie" not in answer.headers


async def test_the_questions_are_folded_under_an_answer_also_where_it_raised_new_ones(reader):
    for question in ("output=image", PAINTING):
        main = await main_of(reader, f"/profile?{question}")
        assert main.css_first("details > form.questions") is not None
    assert (
        "（2 个新问题）"
        in (await main_of(reader, "/profile?output=image"))
        .css_first("details > summary + form")
        .parent.text()
    )
    assert (await main_of(reader, "/profile")).css_first("details > form.questions") is None


async def test_a_province_says_what_it_is_for(reader):
    main = await main_of(reader, "/profile", province="广东", form="website")
    assert "省份（广东）很少改变上面的结果" in main.text()
    assert "改变上面的结果" not in (await main_of(reader, "/profile?form=website")).text()

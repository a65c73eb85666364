"""The augmentation page and the recipe on the CNN page, without a browser."""

from __future__ import annotations

import pytest

from core.augmentation.saved import save, saved
from core.config.augmentation import TRANSFORMS, RecipeConfig, TransformConfig, recipe_of
from core.config.augmentation_risks import risks
from core.errors import ConfigError, LimitError
from core.presets_augmentation import STARTS, starts

PAGE = "data/augmentation.py"


def linked(app) -> RecipeConfig:
    said = app.query_params["recipe"]
    return recipe_of(said if isinstance(said, str) else said[0])


def test_transforms_are_added_changed_moved_switched_off_and_removed(open_page):
    app = open_page(PAGE, **{"from": "digits", "recipe": "=Mine~hflip_0.5"})
    assert linked(app) == recipe_of("=Mine~hflip_0.5")
    assert "a flipped 2" in app.warning[0].value
    app.button(key="augmentation_add_rotate").click().run()
    assert [one.name for one in linked(app).transforms] == ["hflip", "rotate"]
    number = app.session_state["augmentation_entries"][1][0]
    app.slider(key=f"augmentation_{number}_degrees").set_range(-40.0, 120.0).run()
    assert linked(app).transforms[1].named["degrees"] == (-40.0, 120.0)
    assert any("a 6 turns into a 9" in one.value for one in app.warning)
    app.button(key=f"augmentation_{number}_up").click().run()
    assert [one.name for one in linked(app).transforms] == ["rotate", "hflip"]
    app.toggle(key=f"augmentation_{number}_on").set_value(False).run()
    assert [one.name for one in linked(app).active] == ["hflip"]
    app.button(key=f"augmentation_{number}_remove").click().run()
    assert linked(app) == recipe_of("=Mine~hflip_0.5")
    assert not app.exception and not app.error


def test_the_recipe_is_saved_found_again_and_trained_with(open_page):
    app = open_page(PAGE, **{"from": "digits", "recipe": "=Small turns~rotate_1_-5_5_black~-mixup_0.2"})
    app.button(key="augmentation_save").click().run()
    app.button(key="augmentation_start_empty").click().run()
    assert linked(app).empty
    app.button(key="augmentation_mine_0").click().run()
    assert linked(app).title == "Small turns" and linked(app).batch == "mixup"
    app.button(key="augmentation_train_cnn").click().run()
    assert not app.exception and not app.error
    assert app.selectbox(key="cnn_transforms").value == "=Small turns~rotate_1_-5_5_black~-mixup_0.2"
    assert app.selectbox(key="cnn_dataset").value == "digits"


def test_the_batch_as_the_network_sees_it(open_page):
    app = open_page("train/cnn.py", cnn_transforms="rotate_1_-5_5_black~-mixup_0.2")
    app.button(key="cnn_seen").click().run()
    assert not app.exception and not app.error
    assert "1 x 8 x 8" in " ".join(one.value for one in app.markdown)


@pytest.mark.parametrize("recipe", ["nothing_1", "rotate_1_9", "crop_1_nan_constant", "<script>", "~~~", "-mixup_99", "hflip_0.5~" * 30])  # fmt: skip
def test_a_link_that_cannot_be_read_is_refused_in_words(open_page, recipe):
    app = open_page(PAGE, recipe=recipe)
    assert not app.exception and app.warning
    assert linked(app) == starts()["photos"]
    page = open_page("train/cnn.py", cnn_transforms=recipe)
    assert not page.exception and page.warning


def test_the_link_of_the_cnn_page_carries_the_recipe(open_page):
    app = open_page("train/cnn.py", cnn_transforms="=Own~invert_0.3")
    assert app.selectbox(key="cnn_transforms").value == "=Own~invert_0.3"
    app.selectbox(key="cnn_transforms").set_value("").run()
    assert "cnn_transforms" not in app.query_params and not app.exception


def test_every_start_and_every_transform_has_one_line():
    for name, (text, _help) in STARTS.items():
        assert starts()[name].text == text
    for name in TRANSFORMS:
        recipe = RecipeConfig("x", (TransformConfig(name), TransformConfig(name, False)))
        assert recipe_of(recipe.text) == recipe


def test_limits_of_a_recipe():
    with pytest.raises(ConfigError, match="up to 12"):
        RecipeConfig(transforms=(TransformConfig("hflip"),) * 13)
    with pytest.raises(ConfigError, match="between 1 and 8"):
        TransformConfig("posterize", True, (0.5, 0))
    with pytest.raises(ConfigError, match="exchange"):
        TransformConfig("rotate").with_values(degrees=(20.0, 10.0))
    assert RecipeConfig("a~b\n c" + "x" * 60).title == "ab c" + "x" * 36


def test_saved_recipes_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    with pytest.raises(ConfigError):
        save("0" * 64, RecipeConfig())
    for number in range(20):
        save("0" * 64, RecipeConfig(f"n{number:02}"))
    save("0" * 64, recipe_of("=n03~hflip_1"))
    with pytest.raises(LimitError):
        save("0" * 64, RecipeConfig("one more"))
    assert len(saved("0" * 64)) == 20 and saved("0" * 64)[3].active
    assert saved("1" * 64) == []
    (tmp_path / "recipes" / ("2" * 64 + ".json")).write_text('[3, {}, "=ok"]')
    assert [one.title for one in saved("2" * 64)] == ["ok"]


def test_risks_name_what_breaks():
    def said(text: str, dataset: str) -> str:
        return " ".join(template.format(**values) for template, values in risks(recipe_of(text), dataset))

    assert "Flip left to right" in said("hflip_0.5", "mnist") and said("hflip_0.5", "cifar10") == ""
    assert "6 turns into a 9" in said("rotate_1_-10_120_black", "digits")
    assert said("rotate_1_-15_15_black", "digits") == ""
    assert "8%" in said("resized-crop_1_0.08_1_0.75_1.33", "cifar10")
    assert "changes nothing in grey" in said("grayscale_0.5", "mnist")
    assert said(".hflip_1", "digits") == ""


def test_own_pictures_are_a_data_set(open_page):
    app = open_page("train/cnn.py", cnn_dataset="pictures")
    assert not app.exception and not app.error
    assert app.selectbox(key="cnn_own_album").value == "~shapes"
    assert any("96 pictures to train on, 24" in one.value for one in app.caption)
    app.button(key="cnn_seen").click().run()
    assert "3 x 32 x 32" in " ".join(one.value for one in app.markdown)
    gone = open_page("train/cnn.py", cnn_dataset="pictures", cnn_pictures="0" * 64)
    assert not gone.exception and any("not on this server" in one.value for one in gone.warning)

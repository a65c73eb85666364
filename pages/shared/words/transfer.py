"""The words of what can be seen of a network that learns a visitor's own classes."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words import cnn
from pages.shared.words.gallery import gallery_words
from pages.shared.words.parts import accuracy_chart, loss_chart, rate_chart


def charts() -> list[dict[str, Any]]:
    """The curves of a run."""
    return [loss_chart(), accuracy_chart(), rate_chart()]


def status() -> dict[str, str]:
    """What the status line calls things here."""
    return {"rate": _("{rate} pictures/s")}


def words() -> dict[str, Any]:
    """Words of the views."""
    shared = cnn.words()
    return shared | _views() | _wall() | _try() | _map() | {"advice": _advice(), "gallery": gallery_words()}


def _views() -> dict[str, Any]:
    return {
        "empty": _("Press Train to see the curves grow here. The pictures beside are enough to begin with."),
        "views_label": _("Views into the network"),
        "views": {
            "try": _("Try"),
            "predictions": _("Pictures"),
            "classes": _("Classes"),
            "map": _("Map"),
            "advice": _("Advice"),
            "updates": _("Updates"),
        },
        "leads": {
            "try": _("What the network says to one picture, and where on it that comes from."),
            "predictions": _("What the network says to each picture. Click on one to mend its class."),
            "classes": _("Which classes it knows, and which it takes for which."),
            "map": _("Every picture as a point: what the backbone finds alike lies together. Point at one to see it."),
            "advice": _("What of these pictures may spoil the training, found by counting and comparing them."),
            "updates": _("How far each step moves the weights of each layer that learns."),
        },
        "no_run": _("Press Train; this view then follows the network as it learns."),
    }


def _wall() -> dict[str, Any]:
    return {
        "part": _("Which pictures"),
        "parts": {"validation": _("held out"), "train": _("trained on")},
        "wall_orders": {
            "worst": _("worst first"),
            "doubtful": _("doubtful first"),
            "unsure": _("unsure first"),
            "first": _("as they came"),
        },
        "wall_doubtful": _(
            "What has been learned by heart is never wrong. So each picture is judged here by all the others, as if it had not been learned from (ridge regression on the backbone's numbers, leaving one out); a question mark names the class they would give it."
        ),
        "others": _("All others say {others}."),
        "wall_total": _("{wrong} of {total} wrong at step {step}"),
        "wall_caption": _(
            "The bar is the probability of the answer; the number is the loss, -log of the probability of the true class."
        ),
        "wall_empty": _("No picture is of this kind."),
        "photo": _("Says {said} with {confidence} %; it is {truth}; loss {loss}"),
        "photo_alt": _("Picture {number}"),
        "mend": _("Mend this picture"),
        "mend_is": _("It is"),
        "mend_other": _("another class ..."),
        "mend_name": _("Name of the class"),
        "mend_set": _("Set"),
        "mend_out": _("Take it out"),
        "mend_out_help": _(
            "It is not learned from and not checked on any more; it stays in the album, without a class."
        ),
        "mend_look": _("Look closer"),
        "mend_close": _("Close"),
        "mend_note": _("Set to {label}; the next training learns it so."),
        "mend_note_out": _("Taken out; the next training goes without it."),
        "mend_readonly": _("Only who started the run can mend its pictures."),
    }


def _try() -> dict[str, Any]:
    return {
        "try_modes": {"new": _("New picture"), "own": _("One of the run's")},
        "try_none": _("Bring a picture that it has not learned from; the answer appears here."),
        "try_drop": _("Drop a picture here, or"),
        "try_choose": _("Choose a picture"),
        "try_camera": _("Camera"),
        "try_album": _("Tried"),
        "try_sending": _("The picture is on its way."),
        "try_failed": _("The picture could not be sent. Check the connection and try again."),
        "try_says": _("Step {step}: {said}, {percent} %."),
        "try_truth": _("It is {truth}."),
        "try_heat": _("Where it looks"),
        "try_heat_help": _(
            "Grad-CAM: the maps of the last convolution, weighted by how much each raises the score of the class. Warm places speak for it."
        ),
        "try_heat_for": _("Warm places speak for {name} (Grad-CAM). Click on a class to see its places."),
        "try_no_heat": _("This backbone has no convolution with maps to show."),
        "try_alt": _("The picture as the network sees it"),
        "try_number": _("Number of the picture"),
    }


def _map() -> dict[str, Any]:
    return {
        "map_method": _("Method"),
        "map_methods": {"pca": "PCA", "tsne": "t-SNE"},
        "map_pca": _(
            "Principal components: the two directions in which the embeddings differ most; they hold {first} % and {second} % of the variance."
        ),
        "map_tsne": _(
            "t-SNE: neighbours stay neighbours; distances between groups and their sizes mean nothing. It takes a few seconds."
        ),
        "map_of": _("{shown} of {total} pictures are drawn."),
        "map_wrong": _("wrong answer"),
        "map_held": _("held out"),
        "map_point": _("{truth}; says {said} with {percent} %"),
        "map_alt": _("Map of {count} pictures"),
    }


def _advice() -> dict[str, str]:
    return {
        "nothing": _(
            "Nothing stands out: enough pictures of every class, no copies on both sides, no picture whose class is firmly denied."
        ),
        "counts": _("Pictures of each class"),
        "counts_row": _("{count}, {held} of them held out"),
        "few": _(
            "{name} has {count} pictures to learn from, fewer than {fewest}. One odd picture decides much; bring more, in other places and other light."
        ),
        "uneven": _(
            "There are {many} pictures of {most} and {few} of {least}. Always saying {most} would be right in {percent} % of the cases; bring more of {least}, or take some of {most} out."
        ),
        "contradiction": _(
            "Pictures that are in two classes at once: {count}. The network cannot learn both; give them one."
        ),
        "copies": _(
            "Pictures that are there more than once: {count}. Copies are on the same side, so nothing is given away, but they count twice."
        ),
        "near": _(
            "{count} of {held} held-out pictures show almost the same as one that is trained on. The accuracy on them says little about new pictures; take one of each pair out, or take pictures at different times."
        ),
        "suspects": _(
            "Pictures whose class the network firmly denies: {count}. Either it is mistaken, or whoever gave the class was."
        ),
        "doubted": _(
            "Pictures that all the others would put into another class: {count}. Either they are odd, or their class is wrong. Look at them first; click on one to mend it."
        ),
    }

"""Words of the pictures that a visitor brings; values in braces are filled in by the browser."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def gallery_words() -> dict[str, Any]:
    """Everything the component ``pictures`` says."""
    return _bringing() | _changing() | _camera()


def _bringing() -> dict[str, Any]:
    return {
        "album": _("Album"),
        "own_albums": _("Yours"),
        "our_albums": _("Comes with LiveTorch"),
        "new_album": _("New album"),
        "album_name": _("Name of the album"),
        "first_album": _("My pictures"),
        "make": _("Make"),
        "cancel": _("Cancel"),
        "drop": _("Drop pictures, a folder or a zip here"),
        "drop_help": _("PNG, JPEG, WebP, HEIC, AVIF, GIF or BMP up to {picture} MB each; a zip of class folders up to {zip} MB. They are kept on this server for you alone, without what the camera wrote into them, until you delete them or they go by age."),
        "drop_ours": _("These came with LiveTorch. What you drop here starts an album of your own."),
        "drop_class": _("New pictures become {label}"),
        "files": _("Choose files"),
        "folder": _("Choose folder"),
        "folder_help": _("Folders in it become classes."),
        "paste": _("Paste"),
        "paste_help": _("A picture from the clipboard; Ctrl+V does the same."),
        "paste_nothing": _("There is no picture in the clipboard. Copy one and paste again."),
        "paste_denied": _("The browser did not let the page read the clipboard. Press Ctrl+V instead."),
        "bringing": _("Bringing {done} of {of}"),
        "sending": _("Sending {name}, {percent} %"),
        "taking": _("Taking in {name}"),
        "unpacking": _("Taking in {name}, {done} of {of}"),
        "refused_one": _("1 file was not taken"),
        "refused": _("{count} files were not taken"),
        "dismiss": _("Dismiss"),
        "and_more": _("and {count} more"),
        "too_large": _("It has {size} MB; {most} MB are taken. Make it smaller and bring it again."),
        "no_picture": _("It is a video or a sound, not a picture."),
        "too_many": _("{count} files at a time are too many; the first {most} were taken. Bring the others afterwards."),
        "twice": _("It is the same picture as {name}, which is in the album already."),
        "not_sent": _("It could not be sent; the connection was lost. Bring it again."),
        "stopped": _("You stopped before it was sent."),
        "not_loaded": _("The pictures could not be loaded. Reload the page."),
        "not_changed": _("This was not changed; the connection was lost. Try again."),
        "empty": _("No pictures here yet. Drop some above, or choose files."),
        "empty_class": _("No pictures of {label} yet. Drop some above, or choose files."),
    }  # fmt: skip


def _changing() -> dict[str, Any]:
    return {
        "pictures": _("Pictures"),
        "grid_help": _("Arrow keys move, Space chooses, Shift extends, Delete deletes."),
        "count_one": _("1 picture"),
        "count": _("{count} pictures"),
        "chosen": _("{count} chosen"),
        "choose_one": _("Click the picture to work with."),
        "choose_many": _("Click the pictures to work with, up to {most}."),
        "all": _("All"),
        "none": _("None"),
        "no_class": _("No class"),
        "add_class": _("Add class"),
        "class_name": _("Name of the class"),
        "classes": _("Classes"),
        "only_class": _("Show only {label}; new pictures become {label}"),
        "make_them": _("Make them"),
        "make_help": _("Give the chosen pictures this class. Keys 1 to 9 do the same."),
        "new_class": _("New class"),
        "unlabel": _("no class"),
        "move": _("Move to"),
        "delete": _("Delete"),
        "delete_sure_one": _("Delete 1 picture for good"),
        "delete_sure": _("Delete {count} pictures for good"),
        "keep": _("Keep"),
        "clear": _("Choose none"),
        "select_all": _("Choose all"),
        "alt": _("{name}, {label}"),
        "size": _("{name}, {width} x {height}"),
    }


def _camera() -> dict[str, Any]:
    return {
        "camera": _("Camera"),
        "camera_help": _("Pictures are taken only while you press; nothing else leaves your device."),
        "shoot": _("Take picture"),
        "shoot_help": _("Hold to take several a second."),
        "turn": _("Other camera"),
        "close": _("Close camera"),
        "camera_denied": _("The browser did not let the page use a camera. Allow it beside the address, or take a picture with the camera app:"),
        "camera_none": _("There is no camera that the page can use. Take a picture with the camera app and bring the file:"),
        "camera_app": _("Open camera app"),
    }  # fmt: skip

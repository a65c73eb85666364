"""Networks trained by others, and by us, on many pictures: what there is, their weights, and what they make of pictures."""

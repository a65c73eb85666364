"""Augmentation with torchvision's transforms v2: drawn for each picture, done to the whole batch where it lies.

Importing this loads no torch; its modules do, in workers.
"""

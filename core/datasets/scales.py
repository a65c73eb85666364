"""The value of full white in data sets that are not stored as 0 to 255."""

SCALES = {"digits": 16}

"""Looks into the two players of the GAN page."""

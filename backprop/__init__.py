"""The companion package of the course: what students import, instructors run and the book plots with."""

__version__ = "0.2.0"

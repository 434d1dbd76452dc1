"""Workbooks that go out to be filled in: what is asked, where it stands, and how it is drawn."""

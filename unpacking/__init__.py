"""Archives and workbooks from outside: unpacked small, and read in a process of its own with a budget."""

"""Archives and workbooks from outside: unpacked small, and read in a process apart."""

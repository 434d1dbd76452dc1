"""Copy a folder to an object store that speaks S3, with its bucket: `put.py FOLDER s3://bucket/prefix`."""

from __future__ import annotations

import sys

import s3fs

folder, address = sys.argv[1], sys.argv[2].removeprefix("s3://").rstrip("/")
store = s3fs.S3FileSystem()
if not store.exists(address.partition("/")[0]):
    store.mkdir(address.partition("/")[0])
store.put(f"{folder}/", f"{address}/", recursive=True)

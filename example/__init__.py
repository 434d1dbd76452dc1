"""An invented company and the export files its platforms would send.

It stands outside the product: nothing here is imported by it, and nothing of it is imported here.
`example.truth.facts` is what really happened; `example.formats` dresses it up as the platforms do.
"""

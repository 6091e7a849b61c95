"""What people see in a browser: one small module and one template a page, over the verbs of `operations`.

Belongs here: `/admin`. Does not: anything for machines (the routers beside this room). Each page is whole
without JavaScript; what a role may not do has no button, and is refused as well.
"""

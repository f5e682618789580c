"""What a mail with a link is sent for: one module per purpose, all of them in ``catalogue``.

Reading order: ``errand`` (what every one of them says), ``own`` (an address of somebody who is known) and ``entry``
(a mail that lets somebody in, where nobody may learn whether it was sent), then any of the others.
"""

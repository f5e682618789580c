"""One module per step that does something when it is answered; ``all_stages`` knows them all by kind.

Reading order: ``stage`` (what every one of them can do), then any of the others.
"""

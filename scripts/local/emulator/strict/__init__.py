"""What AWS refuses and moto lets pass: every request is held against it before moto answers.

``requests`` understands a request, ``constraints`` holds it against AWS's own API model, ``names`` against
what AWS's documentation says of names, ``references`` what it names against what is there. ``door`` asks them
all, and answers as AWS refuses.
"""

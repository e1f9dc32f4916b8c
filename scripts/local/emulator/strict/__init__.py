"""Refuses what AWS refuses and moto accepts: every request is checked before moto answers it.

``requests`` parses a request, ``constraints`` checks it against AWS's API model, ``names`` against what AWS
documents about names, ``references`` checks that the resources it names exist. ``door`` runs all checks and
answers refusals as AWS does.
"""

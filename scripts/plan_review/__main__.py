"""Entry point of ``python -m plan_review PLAN.json``."""

from plan_review.cli import main

main()

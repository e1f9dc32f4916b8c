"""Texts on what happens in one stack, in numbers, and on its drift."""

from plan_review.counts import counted
from plan_review.review import Review, StackReview

TOUCHED = "that this plan reverts or changes"
LEFT = "that this plan does not touch: changed by the provider, by other resources, or by somebody"


MOST_TYPES = 5


def not_judged(review: Review) -> str:
    """How many changed resources have types that no rule covers, whose risks are therefore unknown."""
    types = review.unjudged
    if not types:
        return ""
    named = ", ".join([*list(types)[:MOST_TYPES], *(["…"] if len(types) > MOST_TYPES else [])])
    number = sum(types.values())
    verb = "is" if number == 1 else "are"
    return f"{counted(number, 'changed resource')} {verb} of types that no rule covers: {named}"


def as_terraform_counts(review: Review) -> str:
    """Terraform's own summary, and why it differs from the counts here; "" if it is the same."""
    counts = review.counts
    reasons = [
        *(["a replacement as one to add and one to destroy"] if counts.replaced else []),
        *(["arguments that an import cannot read as a change"] if counts.recorded else []),
    ]
    if not reasons:
        return ""
    added, destroyed = counts.added + counts.replaced, counts.destroyed + counts.replaced
    imported = f"{counts.imported:,} to import, " if counts.imported else ""
    return (
        f"Terraform counts {', and '.join(reasons)}: {imported}{added:,} to add, "
        f"{counts.changed + counts.recorded:,} to change, {destroyed:,} to destroy"
    )


def tally(stack: StackReview) -> str:
    """What happens in a stack, such as ``3 to add, 1 to destroy``."""
    return stack.counts.words or ("only outputs change" if stack.counts.outputs else "nothing changes")

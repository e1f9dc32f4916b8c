"""What happens in one stack, in numbers; and words for its drift."""

from plan_review.counts import counted
from plan_review.review import Review, StackReview

TOUCHED = "that this plan reverts or changes"
LEFT = "that this plan does not touch: changed by the provider, by other resources, or by somebody"


MOST_TYPES = 5


def not_judged(review: Review) -> str:
    """How many changed resources are of types that no rule covers: no risk found is then not no risk."""
    types = review.unjudged
    if not types:
        return ""
    named = ", ".join([*list(types)[:MOST_TYPES], *(["…"] if len(types) > MOST_TYPES else [])])
    number = sum(types.values())
    verb = "is" if number == 1 else "are"
    return f"{counted(number, 'changed resource')} {verb} of types that no rule covers: {named}"


def as_terraform_counts(review: Review) -> str:
    """Terraform's own summary, which counts a replacement twice; empty where it says the same."""
    counts = review.counts
    if not counts.replaced:
        return ""
    added, destroyed = counts.added + counts.replaced, counts.destroyed + counts.replaced
    imported = f"{counts.imported:,} to import, " if counts.imported else ""
    return (
        "Terraform counts a replacement as one to add and one to destroy: "
        f"{imported}{added:,} to add, {counts.changed:,} to change, {destroyed:,} to destroy"
    )


def tally(stack: StackReview) -> str:
    """``3 to add, 1 to destroy``: what happens in a stack."""
    return stack.counts.words or ("only outputs change" if stack.counts.outputs else "nothing changes")

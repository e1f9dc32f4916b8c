"""What happens in one stack, in numbers; and words for its drift."""

from plan_review.review import StackReview

TOUCHED = "that applying puts right, or changes too"
LEFT = "that applying leaves so, set by the provider, by the stack's own resources, or by somebody"


def tally(stack: StackReview) -> str:
    """``3 to add, 1 to destroy``: what happens in a stack."""
    return stack.counts.words or ("only outputs change" if stack.counts.outputs else "nothing changes")

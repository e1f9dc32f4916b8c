"""What happens in one stack, in numbers; and words for its drift."""

from plan_review.review import StackReview

TOUCHED = "that applying puts right, or changes too"
LEFT = "that applying leaves so, set by AWS, by the stack's own resources, or by somebody"


def tally(stack: StackReview) -> str:
    """``3 to add, 1 to destroy``: only what there is."""
    count = stack.counts
    named = {
        "to add": count.added,
        "to change": count.changed,
        "to destroy": count.destroyed,
        "of them replaced": count.replaced,
        "moved": count.moved,
        "imported": count.imported,
        "forgotten": count.forgotten,
        "read": count.read,
        "actions run": count.invoked,
        "put off": count.deferred,
    }
    found = [f"{number:,} {what}" for what, number in named.items() if number]
    return ", ".join(found) or ("only outputs change" if count.outputs else "nothing changes")

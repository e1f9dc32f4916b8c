"""Python continues while Node reads attributes, with the same stacks as if it had waited for each."""

import pytest

from tests.constructs_lib.engine.test_ahead import HEAD, WRITTEN
from tests.constructs_lib.engine.test_bindings import run


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("out"))


def built(directory: str, build: str) -> tuple[str, str, str]:
    """What a build prints, the tags of its queue ``last``, and the warnings."""
    show = 'print(json.dumps(written["resource"]["aws_sqs_queue"]["last"]["tags"]), builds)'
    written = WRITTEN.replace("{directory}", directory).replace(WRITTEN.strip().splitlines()[-1], show)
    done = run(
        f"{HEAD}"
        "def build(app):\n"
        "    stack = begin(app)\n"
        "    first, second = SqsQueue(stack, 'first'), SqsQueue(stack, 'second')\n"
        f"{build}"
        "synthesise(build)\n"
        f"{written}",
        CDKTF_OUTDIR=directory,
    )
    *printed, tags = done.stdout.splitlines()
    return "\n".join(printed), tags, done.stderr


MANY_READS = """
from pathlib import Path
from cdktf import App, Token
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity

def texts(stack, first, second):
    return [first.arn, f"x-{second.url}-{first.id}", first.fifo_throughput_limit]

def twice(stack, first, second):
    return [first.arn, first.arn, f"{first.arn}"]

def after_another_id(stack, first, second):
    before = first.arn
    first.override_logical_id("other")
    return [before, first.arn]

def numbers(stack, first, second):
    return [Token.as_string(first.delay_seconds), first.arn, Token.as_string(second.delay_seconds)]

def arguments(stack, first, second):
    third = SqsQueue(stack, "third", name="a-name", fifo_queue=True)
    return [third.name, third.name_input, third.url, third.terraform_resource_type]

def data_source(stack, first, second):
    return [DataAwsCallerIdentity(stack, "me").account_id]

def blocks(stack, first, second):
    certificate = AcmCertificate(stack, "certificate", domain_name="a.example")
    return [certificate.domain_validation_options.get(0).resource_record_name, certificate.arn]

def context(stack, first, second):
    return [str(first.node.try_get_context("colour")), first.node.id, second.node.path, stack.node.id]

def overrides(stack, first, second):
    first.add_override("delay_seconds", 5)
    return [first.arn]

def build(app):
    global builds
    builds += 1
    for read in (texts, twice, after_another_id, numbers, arguments, data_source, blocks, context, overrides):
        stack = TerraformStack(app, read.__name__)
        AwsProvider(stack, "aws")
        values = read(stack, SqsQueue(stack, "first"), SqsQueue(stack, "second"))
        SqsQueue(stack, "last", tags={str(number): value for number, value in enumerate(values)})

if ahead:
    synthesise(build)
else:
    app = App()
    build(app)
    app.synth()
print(builds)
for stack in sorted(Path(out, "stacks").iterdir()):
    print((stack / "cdk.tf.json").read_text())
"""


def test_what_is_read_is_the_same_as_if_each_read_was_waited_for(directory: str) -> None:
    ahead, waited = (
        run(f"ahead, out = {ahead}, {directory!r}\n{HEAD}{MANY_READS}", CDKTF_OUTDIR=directory)
        for ahead in (True, False)
    )

    assert ahead.stdout == waited.stdout
    assert ahead.stdout.splitlines()[0] == "1"
    assert ahead.stdout.count("${aws_sqs_queue.first.arn}") >= 5
    assert ahead.stderr == ""


def test_only_second_reads_and_numbers_are_waited_for(directory: str) -> None:
    printed, _, _ = built(
        directory,
        "    def left():\n"
        "        return len(node._unread) - before\n"
        "    before = len(node._unread)\n"
        "    tags = {'a': first.arn, 'b': first.url, 'c': second.arn}\n"
        "    print(left(), node.ahead)\n"
        "    first.node, first.add_override('delay_seconds', 5)\n"
        "    print(left())\n"
        "    first.arn\n"
        "    print(len(node._unread))\n"
        "    SqsQueue(stack, 'last', tags=tags)\n"
        "    print(len(node._unread))\n"
        "    first.delay_seconds\n"
        "    print(len(node._unread))\n",
    )

    assert printed.splitlines() == ["3 True", "5", "0", "1", "0"]


def test_an_answer_that_is_not_the_predicted_one_is_waited_for(directory: str) -> None:
    _, tags, warnings = built(
        directory,
        "    tags = {'a': first.arn}\n"
        "    if builds == 1:\n"
        "        node.first_reads._read.clear()\n"
        "    tags['b'] = first.arn\n"
        "    SqsQueue(stack, 'last', tags=tags)\n",
    )

    assert tags == '{"a": "${aws_sqs_queue.first.arn}", "b": "${aws_sqs_queue.first.arn}"} 2'
    assert "about seven tenths of a second more" in warnings
    assert warnings.count("Warning") == 1

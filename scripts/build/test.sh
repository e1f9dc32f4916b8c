#!/bin/bash
# Run the tests: the Dockerfile's stage `test`. What is tested is then installed as the image is, and
# a team whose service is not written in Python changes its Dockerfile only.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/builder.sh
source scripts/build/builder.sh

begin "run the tests"
need CACHE_REPOSITORY
if ! grep --quiet --ignore-case --extended-regexp '^FROM .* AS test[[:space:]]*$' "${DOCKERFILE}"; then
  fail "${DOCKERFILE} has no stage named test" "the tests are what its build runs" \
    "add a stage before the last one: FROM … AS test, then RUN the tests in it"
fi
if ! build test --target test; then
  fail "the tests do not pass, or could not be run" "docker build --target test failed; its output is above" \
    "mend what it names; to run it by hand: docker build --file ${DOCKERFILE} --target test app"
fi
note "the tests pass"

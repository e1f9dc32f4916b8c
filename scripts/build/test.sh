#!/bin/bash
# Run the tests: the Dockerfile's stage `test`. What is tested is then installed as the image is, and
# a team whose service is not written in Python changes its Dockerfile only.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh
# shellcheck source=scripts/build/builder.sh
source scripts/build/builder.sh

# stages: the names of the Dockerfile's stages, in lower case. It is read as Docker reads it: a line that
# ends in the escape character goes on in the next one, comments between them do not count, and words are
# apart by any space (docs.docker.com/reference/dockerfile/#format).
stages() {
  awk '
    { sub(/\r$/, "") }
    !begun && /^[ \t]*#[ \t]*[A-Za-z]+[ \t]*=/ {
      if (tolower($0) ~ /escape[ \t]*=[ \t]*`/) tick = 1
      next
    }
    { begun = 1 }
    /^[ \t]*(#|$)/ { next }
    { goes_on = tick ? sub(/`[ \t]*$/, "") : sub(/\\[ \t]*$/, "") }
    { line = line " " $0 }
    goes_on { next }
    {
      count = split(tolower(line), word)
      if (word[1] == "from" && count > 3 && word[count - 1] == "as") print word[count]
      line = ""
    }
  ' "${DOCKERFILE}"
}

begin "run the tests"
need CACHE_REPOSITORY IMAGE_REPOSITORY
if ! stages | grep --line-regexp test >/dev/null; then
  fail "${DOCKERFILE} has no stage named test" "the tests are what its build runs" \
    "add a stage before the last one: FROM … AS test, then RUN the tests in it"
fi
if ! build --target test --tag "$(cache_of_test)"; then
  explain_build "the tests do not pass, or could not be run" "the stage test cannot be built" \
    "mend what it names; to run it by hand: docker build --file ${DOCKERFILE} --target test app"
fi
note "the tests pass"
keep_cache

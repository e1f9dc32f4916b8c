#!/bin/bash
# Run the tests: build the Dockerfile's stage `test`. So the tests run on the same installation as in the image, and
# a team whose service is not written in Python only changes its Dockerfile.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh
# shellcheck source=scripts/build/builder.sh
source scripts/build/builder.sh

# stages: prints the names of the Dockerfile's stages, in lower case. It parses the file as Docker does: a line that
# ends with the escape character continues on the next one, comments between them are ignored, and words are
# separated by any white space (docs.docker.com/reference/dockerfile/#format).
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
  fail "${DOCKERFILE} has no stage named test" "building this stage runs the tests" \
    "add a stage before the last one: FROM … AS test, then RUN the tests in it"
fi
if ! build --target test --tag "$(cache_of_test)"; then
  explain_build "the tests failed or could not be run" "the stage test cannot be built" \
    "fix what the output names; to run them locally: docker build --file ${DOCKERFILE} --target test app"
fi
note "the tests pass"
keep_cache

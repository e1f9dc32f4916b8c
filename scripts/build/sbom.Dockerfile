# Lists the contents of an image. scripts/build/sbom.sh builds this on the image that was pushed, copies /sbom.json
# out of the result and deletes it: docs/decisions/0019-a-list-of-contents.md.
# For a service that is not written in Python, change this file and app/Dockerfile.
ARG IMAGE=scratch
FROM ${IMAGE} AS listed
# hadolint ignore=DL3002 # the result of this stage is never run
USER 0
# The base image's own programs: its Python has pip, the service's does not.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY sbom.txt /sbom/requirements.txt
RUN python3 -m venv --without-pip /sbom/venv \
 && python3 -m pip --python /sbom/venv/bin/python3 --disable-pip-version-check install \
      --no-cache-dir --require-hashes --requirement /sbom/requirements.txt
COPY sbom.py sbom_merge.py /sbom/
ARG IMAGE_REPOSITORY
ARG COMMIT
ARG DIGEST
ARG BUILT_AT
# Every Python interpreter that has packages of its own.
RUN /sbom/venv/bin/python3 /sbom/sbom.py /sbom.json /usr/local/bin/python3 /venv/bin/python3

FROM scratch
COPY --from=listed /sbom.json /sbom.json

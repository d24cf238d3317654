# syntax=docker/dockerfile:1
# Two stages: one installs what is locked, by hash; the other has only what runs. It needs no compiler: every package comes as
# a wheel. In production pin the base image by its digest as well, and let a tool propose newer ones.

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/rochdale
COPY requirements/runtime.txt requirements/build.txt /src/requirements/
RUN /opt/rochdale/bin/pip install --require-hashes --only-binary :all: \
    -r /src/requirements/runtime.txt -r /src/requirements/build.txt
COPY pyproject.toml README.md LICENSE /src/
COPY governance /src/governance
COPY app /src/app
COPY migrations /src/migrations
RUN /opt/rochdale/bin/pip install --no-deps --no-build-isolation /src \
    && /opt/rochdale/bin/python -m compileall -q /opt/rochdale/lib \
    && /opt/rochdale/bin/pip uninstall --yes pip setuptools

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="Rochdale" \
      org.opencontainers.image.description="A federation of cooperatives governs itself." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 rochdale \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin rochdale \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data /keys
COPY --from=build /opt/rochdale /opt/rochdale
ENV PATH=/opt/rochdale/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ROCHDALE_DATABASE=/data/federation.sqlite \
    ROCHDALE_KEYS_DIR=/keys \
    ROCHDALE_HOST=0.0.0.0 \
    ROCHDALE_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/keys"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=8s --start-period=60s --retries=3 CMD ["rochdale", "health"]
ENTRYPOINT ["rochdale"]
CMD ["serve"]

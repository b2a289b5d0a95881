# syntax=docker/dockerfile:1
#
# docker build --tag sojourn .
# docker run --rm sojourn --help

FROM swift:6.3-bookworm AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev libsqlite3-dev zlib1g-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The cache keeps what was built the last time; it is not part of the image, so the result is copied out of it.
# The Swift runtime is linked in; what remains to be installed beside it are the system's own libraries.
RUN --mount=type=cache,target=/src/.build \
    swift build -c release --product sojourn --enable-all-traits --static-swift-stdlib \
    && install -D --strip .build/release/sojourn /out/sojourn

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libpq5 libsqlite3-0 libstdc++6 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    # A number that never changes, so that the files of a volume keep their owner.
    && groupadd --gid 10001 sojourn \
    && useradd --uid 10001 --gid sojourn --no-create-home --home-dir /data --shell /usr/sbin/nologin sojourn \
    && install --directory --owner sojourn --group sojourn --mode 0700 /data
COPY --from=builder /out/sojourn /usr/local/bin/sojourn

USER 10001:10001
ENV SOJOURN_DATA=/data
WORKDIR /data
VOLUME /data
EXPOSE 8080

# Asks as a client, so it needs SOJOURN_API_KEY where the server has keys. Workers have no port: there, switch it off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["sojourn", "queues", "list", "--server", "http://127.0.0.1:8080"]

ENTRYPOINT ["sojourn"]
CMD ["serve"]

#!/bin/sh
# Builds local images of PostgreSQL, Redis and Kafka for hosts that cannot pull the official ones.
# Prints the settings that select them, so: eval "$(deploy/images/build.sh)". An image that exists is not built again.
# With the argument "platform", also builds the image of the platform, on a local Python; with "bench", the one that
# bench/infra compares with.
# Needs: root, docker, debootstrap, and a Python with servanda[embedded] (PYTHON, default .venv/bin/python or python3).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
suite=${SUITE:-bookworm}

base=localhost/servanda-debian:$suite
postgres=localhost/servanda-postgres:18
redis=localhost/servanda-redis:7.0
kafka=localhost/servanda-kafka:4.3.0
confluent=localhost/servanda-confluent:7.6.0 # testcontainers reads the tag as the version of the layout
python=localhost/servanda-python:3.11
platform=localhost/servanda-platform:latest
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
if [ -z "${PYTHON:-}" ]; then
    PYTHON=python3
    [ -x "$root/.venv/bin/python" ] && PYTHON=$root/.venv/bin/python
fi
work=$(mktemp -d /var/tmp/servanda-images.XXXXXX)
trap 'rm -rf "$work"' EXIT

say() { echo "images: $*" >&2; }
exists() { docker image inspect "$1" >/dev/null 2>&1; }

build_base() {
    exists "$base" && return
    say "building $base"
    debootstrap --variant=minbase "$suite" "$work/rootfs" ${MIRROR:+"$MIRROR"} >&2
    rm -rf "$work"/rootfs/var/cache/apt/archives/*.deb "$work"/rootfs/var/lib/apt/lists/*
    tar -C "$work/rootfs" -c . | docker import -c 'CMD ["bash"]' - "$base" >&2
}

gather() {
    mkdir "$work/context"
    (cd "$root" && "$PYTHON" "$here/context.py" "$work/context")
}

build() { # image folder
    exists "$1" && return
    say "building $1"
    build_base
    mkdir -p "$work/context/$2"
    cp "$here/$2"/* "$work/context/$2/"
    DOCKER_BUILDKIT=0 docker build --quiet --build-arg "BASE=$base" -t "$1" "$work/context/$2" >&2
}

build_platform() {
    if ! exists "$python"; then
        mkdir -p "$work/context/python"
        cp "$certificates" "$work/context/python/certificates.crt"
        build "$python" python
    fi
    # Always, because its code changes; the engine keeps the layers that did not.
    say "building $platform"
    tar -C "$root" --exclude=__pycache__ -c pyproject.toml uv.lock gen platformkit services deploy/Dockerfile |
        DOCKER_BUILDKIT=0 docker build --quiet --file deploy/Dockerfile --build-arg "PYTHON_IMAGE=$python" \
            -t "$platform" - >&2
}

exists "$postgres" && exists "$kafka" || gather
build "$postgres" postgres
build "$redis" redis
build "$kafka" kafka
if [ "${1:-}" = platform ]; then
    build_platform
fi
if [ "${1:-}" = bench ] && ! exists "$confluent"; then
    say "building $confluent"
    DOCKER_BUILDKIT=0 docker build --quiet --build-arg "BASE=$kafka" -t "$confluent" "$here/confluent" >&2
fi
cat <<END
export SERVANDA_POSTGRES_IMAGE=$postgres
export SERVANDA_REDIS_IMAGE=$redis
export SERVANDA_KAFKA_IMAGE=$kafka
END
if [ "${1:-}" = platform ]; then
    echo "export PLATFORM_IMAGE=$platform"
fi
if [ "${1:-}" = bench ]; then
    echo "export BENCH_CONFLUENT_IMAGE=$confluent"
fi

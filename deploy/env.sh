#!/bin/sh
# Generated from servanda.toml by 'python -m codegen'; do not edit.
# Makes a random secret for each name that compose.yaml needs and deploy/.env lacks; others stay as they are.
set -eu
cd "$(dirname "$0")"
umask 077
touch .env
for name in POSTGRES_PASSWORD IDENTITY_POSTGRES_PASSWORD IDENTITY_PAGE_TOKEN_SECRET AUDIT_POSTGRES_PASSWORD AUDIT_PAGE_TOKEN_SECRET AUTH_POSTGRES_PASSWORD AUTH_PAGE_TOKEN_SECRET NOTIFICATION_POSTGRES_PASSWORD NOTIFICATION_PAGE_TOKEN_SECRET; do
  grep -q "^$name=" .env || echo "$name=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')" >>.env
done

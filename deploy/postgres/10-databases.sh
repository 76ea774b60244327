#!/bin/sh
# Run once by the postgres image on an empty data folder: a database for each service, owned by a role of the same
# name that no other service can use.
set -eu

database() {
  psql --set=ON_ERROR_STOP=1 --set=name="$1" --set=password="$2" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

database strongroom_registry "$REGISTRY_DB_PASSWORD"
database strongroom_publisher "$PUBLISHER_DB_PASSWORD"
database strongroom_auditor "$AUDITOR_DB_PASSWORD"

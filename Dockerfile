# syntax=docker/dockerfile:1
# One image for every service; the command says which: node apps/<name>/dist/main.js

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund --loglevel=error
RUN node node_modules/typescript/bin/tsc -b && node apps/console/dist/build/main.js && node scripts/image.mjs /out

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out /app
# New volumes take over the owner of the folder that they are mounted on.
RUN install -d -m 0700 -o node -g node /data /keys/publisher /keys/auditor /log /mirror /witness/1 /witness/2 /bus \
  /bus-keys/fleet-registry /bus-keys/bundle-publisher /bus-keys/bundle-auditor /bus-keys/session-gateway /bus-keys/hsm-node /bus-keys/observer /bus-keys/event-keeper /events \
  && install -d -m 0755 -o node -g node /trust /bus-users
USER node
CMD ["node", "apps/cli/dist/main.js", "--help"]

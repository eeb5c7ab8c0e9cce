# One image for every role; the command says which: `api`, `worker`, or a subcommand of `sheaf`. The sample pictures are
# development dependencies and not in it: `start` begins with an empty catalogue, and there is no `demo`.
FROM node:24-trixie-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:24-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENTRYPOINT ["sh", "scripts/docker-entrypoint.sh"]
CMD ["api"]

# The page beside the Neo4j of docker-compose.yml: docker compose --profile page up --build --wait
FROM python:3.11-slim

RUN useradd --create-home --home-dir /srv/tastegraph tastegraph
WORKDIR /srv/tastegraph
COPY . /source
# On other platforms than that of constraints.txt the newest that pyproject.toml allows will do.
RUN pip install --no-cache-dir --constraint /source/constraints.txt /source \
    || pip install --no-cache-dir /source
USER tastegraph
CMD ["tastegraph", "serve", "--host", "0.0.0.0"]

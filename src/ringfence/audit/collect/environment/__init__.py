"""What says in which environment a site is started: ``.env``, compose files, ``Dockerfile``."""

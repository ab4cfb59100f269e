"""MLflow's stores and its server, with some endpoints answered by Go."""

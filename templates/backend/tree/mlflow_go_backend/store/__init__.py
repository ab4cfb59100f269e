"""MLflow's SQL stores, with the endpoints that are ported answered by Go."""

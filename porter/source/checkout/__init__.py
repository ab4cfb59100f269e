"""What stands in a checkout of mlflow-go: layout, services, stores, generated files."""

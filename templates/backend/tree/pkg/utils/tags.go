package utils

// Tags that MLflow gives a meaning.
const (
	TagRunName = "mlflow.runName"
)

"""Porter walks a contributor through porting an MLflow endpoint from Python to Go."""

__version__ = "0.1.0"

//go:build mage

package main

import (
	"os"

	"github.com/magefile/mage/mg"
	"github.com/magefile/mage/sh"
)

// Test has the targets that test.
type Test mg.Namespace

// Unit runs the Go unit tests.
func (Test) Unit() error {
	return sh.RunV("go", "test", "./pkg/...")
}

// Python runs MLflow's tests against Go. conftest.py puts Go in the place of Python.
func (Test) Python() error {
	folder, err := os.MkdirTemp("", "library")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)

	if err := sh.RunV("python", "-m", "mlflow_go_backend.lib", ".", folder); err != nil {
		return err
	}

	return sh.RunWithV(
		map[string]string{"MLFLOW_GO_LIBRARY_PATH": folder},
		"python", "-m", "pytest", "--confcutdir=.",
		".mlflow.repo/tests/tracking/test_rest_tracking.py",
		".mlflow.repo/tests/tracking/test_model_registry.py",
		".mlflow.repo/tests/store/tracking/test_sqlalchemy_store.py",
		".mlflow.repo/tests/store/model_registry/test_sqlalchemy_store.py",
	)
}

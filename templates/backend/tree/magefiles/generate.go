//go:build mage

package main

import (
	"github.com/magefile/mage/mg"

	"example.com/practice/magefiles/generate"
)

const protoFolder = mlflowFolder + "/mlflow/protos"

// Generate writes pkg/protos and all *.g.go files, from MLflow's protos and from endpoints.go and
// validations.go in magefiles/generate.
func Generate() error {
	mg.Deps(Repo.Init)

	if err := generate.RunProtoc(protoFolder); err != nil {
		return err
	}

	if err := generate.AddTags("pkg/protos"); err != nil {
		return err
	}

	return generate.SourceCode(protoFolder)
}

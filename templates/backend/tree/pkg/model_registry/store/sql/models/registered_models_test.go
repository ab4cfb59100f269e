package models_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/practice/pkg/model_registry/store/sql/models"
)

func TestLatestVersionsAreTheNewestOfEachStage(t *testing.T) {
	t.Parallel()

	model := models.RegisteredModel{
		Name: "model",
		Versions: []models.ModelVersion{
			{Version: 3, CurrentStage: "None"},
			{Version: 1, CurrentStage: "Production"},
			{Version: 2, CurrentStage: "None"},
			{Version: 4, CurrentStage: models.StageDeletedInternal},
		},
	}

	latest := map[string]int32{}
	for _, version := range model.ToEntity().LatestVersions {
		latest[version.CurrentStage] = version.Version
	}

	assert.Equal(t, map[string]int32{"None": 3, "Production": 1}, latest)
}

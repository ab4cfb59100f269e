// Package models has the tables of MLflow's tracking store. Python creates them.
package models

import (
	"strconv"

	"example.com/practice/pkg/entities"
)

// The life of an experiment and of a run.
const (
	LifecycleStageActive  = "active"
	LifecycleStageDeleted = "deleted"
)

// Experiment is a row of experiments.
type Experiment struct {
	ID               int32           `gorm:"column:experiment_id;primaryKey"`
	Name             string          `gorm:"column:name"`
	ArtifactLocation string          `gorm:"column:artifact_location"`
	LifecycleStage   string          `gorm:"column:lifecycle_stage"`
	CreationTime     int64           `gorm:"column:creation_time"`
	LastUpdateTime   int64           `gorm:"column:last_update_time"`
	Tags             []ExperimentTag `gorm:"foreignKey:ExperimentID"`
}

// ToEntity frees the row from SQL.
func (e Experiment) ToEntity() *entities.Experiment {
	experiment := &entities.Experiment{
		ExperimentID:     strconv.Itoa(int(e.ID)),
		Name:             e.Name,
		ArtifactLocation: e.ArtifactLocation,
		LifecycleStage:   e.LifecycleStage,
		CreationTime:     e.CreationTime,
		LastUpdateTime:   e.LastUpdateTime,
	}

	for _, tag := range e.Tags {
		experiment.Tags = append(experiment.Tags, tag.ToEntity())
	}

	return experiment
}

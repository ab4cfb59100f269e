// Package store says what the tracking service needs of a store.
package store

import (
	"context"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
)

// TrackingStore keeps experiments and runs.
//
//go:generate mockery
type TrackingStore interface {
	ExperimentTrackingStore
	RunTrackingStore
}

// ExperimentTrackingStore keeps experiments.
type ExperimentTrackingStore interface {
	// GetExperiment returns the experiment with its tags.
	GetExperiment(ctx context.Context, experimentID string) (*entities.Experiment, *contract.Error)
	// CreateExperiment returns the new experiment's ID.
	CreateExperiment(
		ctx context.Context, name, artifactLocation string, tags []*entities.ExperimentTag,
	) (string, *contract.Error)
}

// RunTrackingStore keeps runs and what they log.
type RunTrackingStore interface {
	// GetRun returns the run with its data and its inputs.
	GetRun(ctx context.Context, runID string) (*entities.Run, *contract.Error)
	CreateRun(
		ctx context.Context,
		experimentID, userID string,
		startTime int64,
		tags []*entities.RunTag,
		runName string,
	) (*entities.Run, *contract.Error)
	SetTag(ctx context.Context, runID, key, value string) *contract.Error
}

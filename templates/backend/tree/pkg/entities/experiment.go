// Package entities has what services and stores talk about, free of HTTP and of SQL.
package entities

import "example.com/practice/pkg/protos"

// Experiment is a group of runs.
type Experiment struct {
	ExperimentID     string
	Name             string
	ArtifactLocation string
	LifecycleStage   string
	CreationTime     int64
	LastUpdateTime   int64
	Tags             []*ExperimentTag
}

// ToProto makes the message that clients get.
func (e Experiment) ToProto() *protos.Experiment {
	experiment := &protos.Experiment{
		ExperimentId:     &e.ExperimentID,
		Name:             &e.Name,
		ArtifactLocation: &e.ArtifactLocation,
		LifecycleStage:   &e.LifecycleStage,
		CreationTime:     &e.CreationTime,
		LastUpdateTime:   &e.LastUpdateTime,
	}

	for _, tag := range e.Tags {
		experiment.Tags = append(experiment.Tags, tag.ToProto())
	}

	return experiment
}

// ExperimentTag is a tag of an experiment.
type ExperimentTag struct {
	Key   string
	Value string
}

// ToProto makes the message that clients get.
func (t ExperimentTag) ToProto() *protos.ExperimentTag {
	return &protos.ExperimentTag{Key: &t.Key, Value: &t.Value}
}

// NewExperimentTagFromProto reads what a client sent.
func NewExperimentTagFromProto(proto *protos.ExperimentTag) *ExperimentTag {
	return &ExperimentTag{Key: proto.GetKey(), Value: proto.GetValue()}
}

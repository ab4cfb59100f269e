package entities

import (
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/utils"
)

// RunInputs is the data that a run has read.
type RunInputs struct {
	DatasetInputs []*DatasetInput
}

// DatasetInput is a dataset and what it was to the run.
type DatasetInput struct {
	Dataset *Dataset
	Tags    []*InputTag
}

// Dataset says where data is; Schema and Profile are empty where they are not known.
type Dataset struct {
	Name       string
	Digest     string
	SourceType string
	Source     string
	Schema     string
	Profile    string
}

// InputTag is a tag of a dataset input.
type InputTag struct {
	Key   string
	Value string
}

// ToProto makes the message that clients get.
func (i RunInputs) ToProto() *protos.RunInputs {
	inputs := &protos.RunInputs{}
	for _, input := range i.DatasetInputs {
		inputs.DatasetInputs = append(inputs.DatasetInputs, input.ToProto())
	}

	return inputs
}

// ToProto makes the message that clients get.
func (i DatasetInput) ToProto() *protos.DatasetInput {
	input := &protos.DatasetInput{Dataset: i.Dataset.ToProto()}
	for _, tag := range i.Tags {
		input.Tags = append(input.Tags, tag.ToProto())
	}

	return input
}

// ToProto makes the message that clients get.
func (d Dataset) ToProto() *protos.Dataset {
	return &protos.Dataset{
		Name:       &d.Name,
		Digest:     &d.Digest,
		SourceType: &d.SourceType,
		Source:     &d.Source,
		Schema:     utils.NilIfEmpty(d.Schema),
		Profile:    utils.NilIfEmpty(d.Profile),
	}
}

// ToProto makes the message that clients get.
func (t InputTag) ToProto() *protos.InputTag {
	return &protos.InputTag{Key: &t.Key, Value: &t.Value}
}

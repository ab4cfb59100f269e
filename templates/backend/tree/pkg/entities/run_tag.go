package entities

import "example.com/practice/pkg/protos"

// RunTag is a tag of a run.
type RunTag struct {
	Key   string
	Value string
}

// ToProto makes the message that clients get.
func (t RunTag) ToProto() *protos.RunTag {
	return &protos.RunTag{Key: &t.Key, Value: &t.Value}
}

// NewRunTagFromProto reads what a client sent.
func NewRunTagFromProto(proto *protos.RunTag) *RunTag {
	return &RunTag{Key: proto.GetKey(), Value: proto.GetValue()}
}

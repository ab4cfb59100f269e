package entities

import "example.com/practice/pkg/protos"

// Metric is a number that a run measured.
type Metric struct {
	Key       string
	Value     float64
	Timestamp int64
	Step      int64
}

// ToProto makes the message that clients get.
func (m Metric) ToProto() *protos.Metric {
	return &protos.Metric{Key: &m.Key, Value: &m.Value, Timestamp: &m.Timestamp, Step: &m.Step}
}

package entities

import "example.com/practice/pkg/protos"

// Param is a setting that a run was made with.
type Param struct {
	Key   string
	Value string
}

// ToProto makes the message that clients get.
func (p Param) ToProto() *protos.Param {
	return &protos.Param{Key: &p.Key, Value: &p.Value}
}

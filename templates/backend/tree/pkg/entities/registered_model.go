package entities

import (
	"strconv"

	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/utils"
)

// RegisteredModel is a name under which versions of a model are kept.
type RegisteredModel struct {
	Name            string
	Description     string
	CreationTime    int64
	LastUpdatedTime int64
	LatestVersions  []*ModelVersion // the newest of each stage
	Tags            []*RegisteredModelTag
	Aliases         []*RegisteredModelAlias
}

// RegisteredModelTag is a tag of a registered model.
type RegisteredModelTag struct {
	Key   string
	Value string
}

// RegisteredModelAlias is another name of one version.
type RegisteredModelAlias struct {
	Alias   string
	Version int32
}

// ToProto makes the message that clients get.
func (m RegisteredModel) ToProto() *protos.RegisteredModel {
	model := &protos.RegisteredModel{
		Name:                 &m.Name,
		Description:          utils.NilIfEmpty(m.Description),
		CreationTimestamp:    &m.CreationTime,
		LastUpdatedTimestamp: &m.LastUpdatedTime,
	}

	for _, version := range m.LatestVersions {
		model.LatestVersions = append(model.LatestVersions, version.ToProto())
	}

	for _, tag := range m.Tags {
		model.Tags = append(model.Tags, tag.ToProto())
	}

	for _, alias := range m.Aliases {
		model.Aliases = append(model.Aliases, alias.ToProto())
	}

	return model
}

// ToProto makes the message that clients get.
func (t RegisteredModelTag) ToProto() *protos.RegisteredModelTag {
	return &protos.RegisteredModelTag{Key: &t.Key, Value: &t.Value}
}

// NewRegisteredModelTagFromProto reads what a client sent.
func NewRegisteredModelTagFromProto(proto *protos.RegisteredModelTag) *RegisteredModelTag {
	return &RegisteredModelTag{Key: proto.GetKey(), Value: proto.GetValue()}
}

// ToProto makes the message that clients get.
func (a RegisteredModelAlias) ToProto() *protos.RegisteredModelAlias {
	return &protos.RegisteredModelAlias{
		Alias:   &a.Alias,
		Version: utils.PtrTo(strconv.Itoa(int(a.Version))),
	}
}

package entities

import (
	"strconv"

	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/utils"
)

// ModelVersion is one version of a registered model. What is nil was never set.
type ModelVersion struct {
	Name            string
	Version         int32
	CreationTime    int64
	LastUpdatedTime *int64
	Description     *string
	UserID          *string
	CurrentStage    string
	Source          *string
	RunID           *string
	RunLink         *string
	Status          string
	StatusMessage   string
	Tags            []*ModelVersionTag
}

// ModelVersionTag is a tag of a model version.
type ModelVersionTag struct {
	Key   string
	Value string
}

// ToProto makes the message that clients get.
func (v ModelVersion) ToProto() *protos.ModelVersion {
	version := &protos.ModelVersion{
		Name:                 &v.Name,
		Version:              utils.PtrTo(strconv.Itoa(int(v.Version))),
		CreationTimestamp:    &v.CreationTime,
		LastUpdatedTimestamp: v.LastUpdatedTime,
		Description:          v.Description,
		UserId:               v.UserID,
		CurrentStage:         &v.CurrentStage,
		Source:               v.Source,
		RunId:                v.RunID,
		RunLink:              v.RunLink,
		StatusMessage:        utils.NilIfEmpty(v.StatusMessage),
	}

	if status, ok := protos.ModelVersionStatus_value[v.Status]; ok {
		version.Status = protos.ModelVersionStatus(status).Enum()
	}

	for _, tag := range v.Tags {
		version.Tags = append(version.Tags, tag.ToProto())
	}

	return version
}

// ToProto makes the message that clients get.
func (t ModelVersionTag) ToProto() *protos.ModelVersionTag {
	return &protos.ModelVersionTag{Key: &t.Key, Value: &t.Value}
}

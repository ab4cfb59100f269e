package entities

import (
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/utils"
)

// Run is one execution of some code, with what it logged.
type Run struct {
	Info   *RunInfo
	Data   *RunData
	Inputs *RunInputs // nil where nobody asked for them
}

// RunInfo is what MLflow itself knows of a run.
type RunInfo struct {
	RunID          string
	RunName        string
	ExperimentID   string
	UserID         string
	Status         string
	StartTime      int64
	EndTime        *int64
	ArtifactURI    string
	LifecycleStage string
}

// RunData is what the code logged.
type RunData struct {
	Metrics []*Metric
	Params  []*Param
	Tags    []*RunTag
}

// ToProto makes the message that clients get.
func (r Run) ToProto() *protos.Run {
	run := &protos.Run{Info: r.Info.ToProto(), Data: r.Data.ToProto()}
	if r.Inputs != nil {
		run.Inputs = r.Inputs.ToProto()
	}

	return run
}

// ToProto makes the message that clients get.
func (i RunInfo) ToProto() *protos.RunInfo {
	info := &protos.RunInfo{
		RunId:          &i.RunID,
		RunUuid:        &i.RunID, // the old name, which old clients read
		RunName:        &i.RunName,
		ExperimentId:   &i.ExperimentID,
		UserId:         &i.UserID,
		StartTime:      &i.StartTime,
		EndTime:        i.EndTime,
		ArtifactUri:    utils.NilIfEmpty(i.ArtifactURI),
		LifecycleStage: &i.LifecycleStage,
	}

	if status, ok := protos.RunStatus_value[i.Status]; ok {
		info.Status = protos.RunStatus(status).Enum()
	}

	return info
}

// ToProto makes the message that clients get.
func (d RunData) ToProto() *protos.RunData {
	data := &protos.RunData{}

	for _, metric := range d.Metrics {
		data.Metrics = append(data.Metrics, metric.ToProto())
	}

	for _, param := range d.Params {
		data.Params = append(data.Params, param.ToProto())
	}

	for _, tag := range d.Tags {
		data.Tags = append(data.Tags, tag.ToProto())
	}

	return data
}

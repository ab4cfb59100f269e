package models

import (
	"strconv"

	"example.com/practice/pkg/entities"
)

// What a new run gets.
const (
	RunStatusRunning  = "RUNNING"
	SourceTypeUnknown = "UNKNOWN"
)

// Run is a row of runs.
type Run struct {
	ID             string `gorm:"column:run_uuid;primaryKey"`
	Name           string `gorm:"column:name"`
	SourceType     string `gorm:"column:source_type"`
	SourceName     string `gorm:"column:source_name"`
	EntryPointName string `gorm:"column:entry_point_name"`
	UserID         string `gorm:"column:user_id"`
	Status         string `gorm:"column:status"`
	StartTime      int64  `gorm:"column:start_time"`
	EndTime        *int64 `gorm:"column:end_time"`
	DeletedTime    *int64 `gorm:"column:deleted_time"`
	SourceVersion  string `gorm:"column:source_version"`
	LifecycleStage string `gorm:"column:lifecycle_stage"`
	ArtifactURI    string `gorm:"column:artifact_uri"`
	ExperimentID   int32  `gorm:"column:experiment_id"`

	LatestMetrics []LatestMetric `gorm:"foreignKey:RunID"`
	Params        []Param        `gorm:"foreignKey:RunID"`
	Tags          []Tag          `gorm:"foreignKey:RunID"`
	Inputs        []Input        `gorm:"foreignKey:DestinationID"`
}

// ToEntity frees the row from SQL, without its inputs: see RunInputs.
func (r Run) ToEntity() *entities.Run {
	data := &entities.RunData{}

	for _, metric := range r.LatestMetrics {
		data.Metrics = append(data.Metrics, metric.ToEntity())
	}

	for _, param := range r.Params {
		data.Params = append(data.Params, param.ToEntity())
	}

	for _, tag := range r.Tags {
		data.Tags = append(data.Tags, tag.ToEntity())
	}

	return &entities.Run{
		Info: &entities.RunInfo{
			RunID:          r.ID,
			RunName:        r.Name,
			ExperimentID:   strconv.Itoa(int(r.ExperimentID)),
			UserID:         r.UserID,
			Status:         r.Status,
			StartTime:      r.StartTime,
			EndTime:        r.EndTime,
			ArtifactURI:    r.ArtifactURI,
			LifecycleStage: r.LifecycleStage,
		},
		Data: data,
	}
}

// RunInputs frees the inputs from SQL. Python answers with them only where one run is asked for.
func (r Run) RunInputs() *entities.RunInputs {
	inputs := &entities.RunInputs{}
	for _, input := range r.Inputs {
		inputs.DatasetInputs = append(inputs.DatasetInputs, input.ToEntity())
	}

	return inputs
}

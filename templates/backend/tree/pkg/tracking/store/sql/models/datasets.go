package models

import "example.com/practice/pkg/entities"

// Dataset is a row of datasets.
type Dataset struct {
	ID           string `gorm:"column:dataset_uuid"`
	ExperimentID int32  `gorm:"column:experiment_id;primaryKey"`
	Name         string `gorm:"column:name;primaryKey"`
	Digest       string `gorm:"column:digest;primaryKey"`
	SourceType   string `gorm:"column:dataset_source_type"`
	Source       string `gorm:"column:dataset_source"`
	Schema       string `gorm:"column:dataset_schema"`
	Profile      string `gorm:"column:dataset_profile"`
}

// ToEntity frees the row from SQL.
func (d Dataset) ToEntity() *entities.Dataset {
	return &entities.Dataset{
		Name:       d.Name,
		Digest:     d.Digest,
		SourceType: d.SourceType,
		Source:     d.Source,
		Schema:     d.Schema,
		Profile:    d.Profile,
	}
}

package models

import "example.com/practice/pkg/entities"

// ExperimentTag is a row of experiment_tags.
type ExperimentTag struct {
	Key          string `gorm:"column:key;primaryKey"`
	Value        string `gorm:"column:value"`
	ExperimentID int32  `gorm:"column:experiment_id;primaryKey"`
}

// ToEntity frees the row from SQL.
func (t ExperimentTag) ToEntity() *entities.ExperimentTag {
	return &entities.ExperimentTag{Key: t.Key, Value: t.Value}
}

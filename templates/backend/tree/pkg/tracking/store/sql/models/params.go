package models

import "example.com/practice/pkg/entities"

// Param is a row of params.
type Param struct {
	Key   string `gorm:"column:key;primaryKey"`
	Value string `gorm:"column:value"`
	RunID string `gorm:"column:run_uuid;primaryKey"`
}

// ToEntity frees the row from SQL.
func (p Param) ToEntity() *entities.Param {
	return &entities.Param{Key: p.Key, Value: p.Value}
}

package models

import "example.com/practice/pkg/entities"

// Tag is a row of tags, which are those of runs.
type Tag struct {
	Key   string `gorm:"column:key;primaryKey"`
	Value string `gorm:"column:value"`
	RunID string `gorm:"column:run_uuid;primaryKey"`
}

// ToEntity frees the row from SQL.
func (t Tag) ToEntity() *entities.RunTag {
	return &entities.RunTag{Key: t.Key, Value: t.Value}
}

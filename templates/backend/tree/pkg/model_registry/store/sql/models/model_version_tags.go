package models

import "example.com/practice/pkg/entities"

// ModelVersionTag is a row of model_version_tags.
type ModelVersionTag struct {
	Name    string `gorm:"column:name;primaryKey"`
	Version int32  `gorm:"column:version;primaryKey"`
	Key     string `gorm:"column:key;primaryKey"`
	Value   string `gorm:"column:value"`
}

// ToEntity frees the row from SQL.
func (t ModelVersionTag) ToEntity() *entities.ModelVersionTag {
	return &entities.ModelVersionTag{Key: t.Key, Value: t.Value}
}

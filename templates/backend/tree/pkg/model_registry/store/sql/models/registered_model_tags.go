package models

import "example.com/practice/pkg/entities"

// RegisteredModelTag is a row of registered_model_tags.
type RegisteredModelTag struct {
	Name  string `gorm:"column:name;primaryKey"`
	Key   string `gorm:"column:key;primaryKey"`
	Value string `gorm:"column:value"`
}

// ToEntity frees the row from SQL.
func (t RegisteredModelTag) ToEntity() *entities.RegisteredModelTag {
	return &entities.RegisteredModelTag{Key: t.Key, Value: t.Value}
}

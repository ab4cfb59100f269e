package models

import "example.com/practice/pkg/entities"

// RegisteredModelAlias is a row of registered_model_aliases.
type RegisteredModelAlias struct {
	Name    string `gorm:"column:name;primaryKey"`
	Alias   string `gorm:"column:alias;primaryKey"`
	Version int32  `gorm:"column:version"`
}

// ToEntity frees the row from SQL.
func (a RegisteredModelAlias) ToEntity() *entities.RegisteredModelAlias {
	return &entities.RegisteredModelAlias{Alias: a.Alias, Version: a.Version}
}

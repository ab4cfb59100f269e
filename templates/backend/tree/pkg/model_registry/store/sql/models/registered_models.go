// Package models has the tables of MLflow's model registry. Python creates them.
package models

import "example.com/practice/pkg/entities"

// RegisteredModel is a row of registered_models.
type RegisteredModel struct {
	Name            string `gorm:"column:name;primaryKey"`
	CreationTime    int64  `gorm:"column:creation_time"`
	LastUpdatedTime int64  `gorm:"column:last_updated_time"`
	Description     string `gorm:"column:description"`

	Tags     []RegisteredModelTag   `gorm:"foreignKey:Name"`
	Aliases  []RegisteredModelAlias `gorm:"foreignKey:Name"`
	Versions []ModelVersion         `gorm:"foreignKey:Name"`
}

// ToEntity frees the row from SQL.
func (m RegisteredModel) ToEntity() *entities.RegisteredModel {
	model := &entities.RegisteredModel{
		Name:            m.Name,
		Description:     m.Description,
		CreationTime:    m.CreationTime,
		LastUpdatedTime: m.LastUpdatedTime,
		LatestVersions:  m.latestVersions(),
	}

	for _, tag := range m.Tags {
		model.Tags = append(model.Tags, tag.ToEntity())
	}

	for _, alias := range m.Aliases {
		model.Aliases = append(model.Aliases, alias.ToEntity())
	}

	return model
}

// latestVersions has the newest version of each stage.
func (m RegisteredModel) latestVersions() []*entities.ModelVersion {
	var latest []*entities.ModelVersion

	positions := map[string]int{}

	for _, version := range m.Versions {
		position, seen := positions[version.CurrentStage]

		switch {
		case version.CurrentStage == StageDeletedInternal:
		case !seen:
			positions[version.CurrentStage] = len(latest)
			latest = append(latest, version.ToEntity())
		case latest[position].Version < version.Version:
			latest[position] = version.ToEntity()
		}
	}

	return latest
}

package models

import "example.com/practice/pkg/entities"

// StageDeletedInternal marks a version that was deleted and is kept only for its number.
const StageDeletedInternal = "Deleted_Internal"

// ModelVersion is a row of model_versions.
type ModelVersion struct {
	Name            string  `gorm:"column:name;primaryKey"`
	Version         int32   `gorm:"column:version;primaryKey"`
	CreationTime    int64   `gorm:"column:creation_time"`
	LastUpdatedTime *int64  `gorm:"column:last_updated_time"`
	Description     *string `gorm:"column:description"`
	UserID          *string `gorm:"column:user_id"`
	CurrentStage    string  `gorm:"column:current_stage"`
	Source          *string `gorm:"column:source"`
	StorageLocation *string `gorm:"column:storage_location"`
	RunID           *string `gorm:"column:run_id"`
	RunLink         *string `gorm:"column:run_link"`
	Status          string  `gorm:"column:status"`
	StatusMessage   string  `gorm:"column:status_message"`

	Tags []ModelVersionTag `gorm:"foreignKey:Name,Version"`
}

// ToEntity frees the row from SQL.
func (v ModelVersion) ToEntity() *entities.ModelVersion {
	version := &entities.ModelVersion{
		Name:            v.Name,
		Version:         v.Version,
		CreationTime:    v.CreationTime,
		LastUpdatedTime: v.LastUpdatedTime,
		Description:     v.Description,
		UserID:          v.UserID,
		CurrentStage:    v.CurrentStage,
		Source:          v.Source,
		RunID:           v.RunID,
		RunLink:         v.RunLink,
		Status:          v.Status,
		StatusMessage:   v.StatusMessage,
	}

	for _, tag := range v.Tags {
		version.Tags = append(version.Tags, tag.ToEntity())
	}

	return version
}

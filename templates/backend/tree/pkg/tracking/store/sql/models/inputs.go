package models

import "example.com/practice/pkg/entities"

// Input is a row of inputs: it ties a source, so far a dataset, to a destination, so far a run.
type Input struct {
	ID              string     `gorm:"column:input_uuid"`
	SourceType      string     `gorm:"column:source_type;primaryKey"`
	SourceID        string     `gorm:"column:source_id;primaryKey"`
	DestinationType string     `gorm:"column:destination_type;primaryKey"`
	DestinationID   string     `gorm:"column:destination_id;primaryKey"`
	Dataset         Dataset    `gorm:"foreignKey:SourceID;references:ID"`
	Tags            []InputTag `gorm:"foreignKey:InputID;references:ID"`
}

// ToEntity frees the row from SQL.
func (i Input) ToEntity() *entities.DatasetInput {
	input := &entities.DatasetInput{Dataset: i.Dataset.ToEntity()}
	for _, tag := range i.Tags {
		input.Tags = append(input.Tags, tag.ToEntity())
	}

	return input
}

// InputTag is a row of input_tags.
type InputTag struct {
	InputID string `gorm:"column:input_uuid;primaryKey"`
	Name    string `gorm:"column:name;primaryKey"`
	Value   string `gorm:"column:value"`
}

// ToEntity frees the row from SQL.
func (t InputTag) ToEntity() *entities.InputTag {
	return &entities.InputTag{Key: t.Name, Value: t.Value}
}

package main

import "C"

import (
	"unsafe"

	"example.com/practice/pkg/artifacts/service"
)

var artifactsServices = newInstances[*service.ArtifactsService]()

//export CreateArtifactsService
func CreateArtifactsService(configData unsafe.Pointer, configSize C.int) int64 {
	return artifactsServices.Create(service.NewArtifactsService, C.GoBytes(configData, configSize))
}

//export DestroyArtifactsService
func DestroyArtifactsService(id int64) {
	artifactsServices.Destroy(id)
}

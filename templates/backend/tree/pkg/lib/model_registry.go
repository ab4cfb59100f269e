package main

import "C"

import (
	"unsafe"

	"example.com/practice/pkg/model_registry/service"
)

var modelRegistryServices = newInstances[*service.ModelRegistryService]()

//export CreateModelRegistryService
func CreateModelRegistryService(configData unsafe.Pointer, configSize C.int) int64 {
	return modelRegistryServices.Create(service.NewModelRegistryService, C.GoBytes(configData, configSize))
}

//export DestroyModelRegistryService
func DestroyModelRegistryService(id int64) {
	modelRegistryServices.Destroy(id)
}

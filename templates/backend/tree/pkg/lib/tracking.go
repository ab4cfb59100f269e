package main

import "C"

import (
	"unsafe"

	"example.com/practice/pkg/tracking/service"
)

var trackingServices = newInstances[*service.TrackingService]()

//export CreateTrackingService
func CreateTrackingService(configData unsafe.Pointer, configSize C.int) int64 {
	return trackingServices.Create(service.NewTrackingService, C.GoBytes(configData, configSize))
}

//export DestroyTrackingService
func DestroyTrackingService(id int64) {
	trackingServices.Destroy(id)
}

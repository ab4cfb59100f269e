package generate

// ServiceGenerationInfo says which files a service gets, and which of its endpoints Go answers.
type ServiceGenerationInfo struct {
	FileNameWithoutExtension string
	ServiceName              string
	ImplementedEndpoints     []string
}

// ServiceInfoMap lists every endpoint of MLflow in the order of its proto files.
// An endpoint that is commented out is answered by MLflow's Python server.
var ServiceInfoMap = map[string]ServiceGenerationInfo{
	"MlflowService": {
		FileNameWithoutExtension: "tracking",
		ServiceName:              "TrackingService",
		ImplementedEndpoints: []string{
			// "getExperimentByName",
			"createExperiment",
			// "searchExperiments",
			"getExperiment",
			// "deleteExperiment",
			// "restoreExperiment",
			// "updateExperiment",
			"createRun",
			// "updateRun",
			// "deleteRun",
			// "restoreRun",
			// "logMetric",
			// "logParam",
			// "setExperimentTag",
			"setTag",
			// "setTraceTag",
			// "deleteTraceTag",
			// "deleteTag",
			"getRun",
			// "searchRuns",
			// "listArtifacts",
			// "getMetricHistory",
			// "getMetricHistoryBulkInterval",
			// "logBatch",
			// "logModel",
			// "logInputs",
			// "searchDatasets",
			// "startTrace",
			// "endTrace",
			// "getTraceInfo",
			// "searchTraces",
			// "deleteTraces",
		},
	},
	"ModelRegistryService": {
		FileNameWithoutExtension: "model_registry",
		ServiceName:              "ModelRegistryService",
		ImplementedEndpoints: []string{
			"createRegisteredModel",
			// "renameRegisteredModel",
			// "updateRegisteredModel",
			// "deleteRegisteredModel",
			"getRegisteredModel",
			// "searchRegisteredModels",
			// "getLatestVersions",
			// "createModelVersion",
			// "updateModelVersion",
			// "transitionModelVersionStage",
			// "deleteModelVersion",
			// "getModelVersion",
			// "searchModelVersions",
			// "getModelVersionDownloadUri",
			// "setRegisteredModelTag",
			// "setModelVersionTag",
			// "deleteRegisteredModelTag",
			// "deleteModelVersionTag",
			// "setRegisteredModelAlias",
			// "deleteRegisteredModelAlias",
			// "getModelVersionByAlias",
		},
	},
	"MlflowArtifactsService": {
		FileNameWithoutExtension: "artifacts",
		ServiceName:              "ArtifactsService",
		ImplementedEndpoints:     []string{
			// "downloadArtifact",
			// "uploadArtifact",
			// "listArtifacts",
			// "deleteArtifact",
			// "createMultipartUpload",
			// "completeMultipartUpload",
			// "abortMultipartUpload",
		},
	},
}

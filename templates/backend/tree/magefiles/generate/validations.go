package generate

// validations are the rules that requests must obey: "Message_Field" and the rules of
// go-playground/validator, with our own ones from pkg/validation. They become struct tags.
var validations = map[string]string{
	"CreateExperiment_Name":             "required,notEmpty,max=500",
	"CreateExperiment_ArtifactLocation": "omitempty,uriWithoutFragmentsOrParamsOrDotDotInQuery",
	"GetExperiment_ExperimentId":        "required,notEmpty",
	"GetRun_RunId":                      "required,notEmpty",
	"SetTag_RunId":                      "required,notEmpty",
	"SetTag_Key":                        "required,notEmpty,validMetricParamOrTagName,pathIsUnique,max=250",
	"SetTag_Value":                      "omitempty,truncate=8000",
	"CreateRegisteredModel_Name":        "required,notEmpty",
	"CreateRegisteredModel_Tags":        "dive",
	"RegisteredModelTag_Key":            "required,validMetricParamOrTagName,pathIsUnique,max=250",
	"RegisteredModelTag_Value":          "omitempty,max=5000",
	"GetRegisteredModel_Name":           "required,notEmpty",
}

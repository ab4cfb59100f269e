package validation

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"strconv"

	"github.com/go-playground/validator/v10"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
)

const shownLength = 250

var index = regexp.MustCompile(`\[\d+\]`)

// What MLflow's stores call a field whose length they limit.
var lengthNames = map[string]string{
	"SetTag.key":                       "Tag key",
	"SetTag.value":                     "Tag value",
	"CreateRegisteredModel.tags.key":   "Registered model key",
	"CreateRegisteredModel.tags.value": "Registered model value",
}

// What MLflow's stores say where a value is missing, if it is not the common text.
var missingTexts = map[string]string{
	"CreateExperiment.name":      "Invalid experiment name: ''",
	"CreateRegisteredModel.name": "Registered model name cannot be empty.",
	"GetRegisteredModel.name":    "Registered model name cannot be empty.",
}

// NewErrorFromValidationError says what MLflow's Python stores say. Like them it reports one
// error, and a missing value before all others.
func NewErrorFromValidationError(err error) *contract.Error {
	failed := firstError(err)
	if failed == nil {
		return contract.NewErrorWith(protos.ErrorCode_INTERNAL_ERROR, "failed to validate request", err)
	}

	return contract.NewError(protos.ErrorCode_INVALID_PARAMETER_VALUE, text(failed))
}

// MissingParameter names the parameter where a missing value is what failed.
func MissingParameter(err error) (string, bool) {
	failed := firstError(err)
	if failed == nil || !isMissing(failed) {
		return "", false
	}

	return failed.Field(), true
}

func firstError(err error) validator.FieldError {
	var failed validator.ValidationErrors
	if !errors.As(err, &failed) {
		return nil
	}

	for _, fieldError := range failed {
		if isMissing(fieldError) {
			return fieldError
		}
	}

	return failed[0]
}

func isMissing(failed validator.FieldError) bool {
	return failed.Tag() == "required" || failed.Tag() == "notEmpty"
}

func text(failed validator.FieldError) string {
	value := fmt.Sprint(reflect.Indirect(reflect.ValueOf(failed.Value())))
	invalid := fmt.Sprintf("Invalid value %s for parameter '%s' supplied", strconv.QuoteToASCII(value), failed.Field())

	switch failed.Tag() {
	case "required", "notEmpty":
		if missing, ok := missingTexts[failed.Namespace()]; ok {
			return missing
		}

		return fmt.Sprintf("Missing value for required parameter '%s'.", failed.Field())
	case "max", "truncate":
		return tooLong(failed, []rune(value))
	case "validMetricParamOrTagName":
		return invalid + ": Names may only contain alphanumerics, underscores (_), dashes (-), periods (.)," +
			" spaces ( ), colon(:) and slashes (/)."
	case "pathIsUnique":
		return invalid + ": Names may be treated as files in certain cases, and must not resolve to other names" +
			fmt.Sprintf(" when treated as such. This name would resolve to '%s'", path.Clean(value))
	case "uriWithoutFragmentsOrParamsOrDotDotInQuery":
		if uri, err := url.Parse(value); err == nil && uri.Fragment == "" && hasDotDotInQuery(uri) {
			return "Invalid query string"
		}

		return fmt.Sprintf("'%s' URL can't include fragments or params.", failed.Field())
	default:
		return invalid + "."
	}
}

func tooLong(failed validator.FieldError, value []rune) string {
	name, ok := lengthNames[index.ReplaceAllString(failed.Namespace(), "")]
	if !ok {
		return fmt.Sprintf("'%s' exceeds the maximum length of %s characters", failed.Field(), failed.Param())
	}

	return fmt.Sprintf("%s '%s' had length %d, which exceeded length limit of %s",
		name, string(value[:min(len(value), shownLength)]), len(value), failed.Param())
}

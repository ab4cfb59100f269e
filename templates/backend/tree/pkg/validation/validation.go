// Package validation checks requests by the rules in their struct tags, which come from
// magefiles/generate/validations.go.
package validation

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
)

// What a parameter, metric or tag may be called.
var nameRegex = regexp.MustCompile(`^[/\p{L}\p{N}_.\- :]*$`)

// NewValidator makes a validator that knows our own rules.
func NewValidator() (*validator.Validate, error) {
	validate := validator.New()
	validate.RegisterTagNameFunc(jsonName)

	for name, rule := range map[string]validator.Func{
		"notEmpty":                  notEmpty,
		"validMetricParamOrTagName": validName,
		"pathIsUnique":              pathIsUnique,
		"truncate":                  truncate,
		"uriWithoutFragmentsOrParamsOrDotDotInQuery": plainURI,
	} {
		if err := validate.RegisterValidation(name, rule); err != nil {
			return nil, fmt.Errorf("failed to register rule %s: %w", name, err)
		}
	}

	return validate, nil
}

// Errors name a field as clients do.
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")

	return name
}

// An optional field is a pointer, and "required" only asks that it is not nil. Python rejects ""
// as well.
func notEmpty(level validator.FieldLevel) bool {
	return level.Field().String() != ""
}

func validName(level validator.FieldLevel) bool {
	return nameRegex.MatchString(level.Field().String())
}

// A name may become a file name, so it must not lead out of its folder or to another name.
func pathIsUnique(level validator.FieldLevel) bool {
	name := level.Field().String()
	clean := path.Clean(name)

	return clean == name && clean != "." && !strings.HasPrefix(clean, "..") && !strings.HasPrefix(clean, "/")
}

// truncate=N cuts a value to N characters, unless the user asked for an error.
func truncate(level validator.FieldLevel) bool {
	limit, err := strconv.Atoi(level.Param())
	if err != nil {
		return false
	}

	value := []rune(level.Field().String())
	if len(value) <= limit {
		return true
	}

	switch strings.ToLower(os.Getenv("MLFLOW_TRUNCATE_LONG_VALUES")) {
	case "", "true", "1":
		level.Field().SetString(string(value[:limit]))

		return true
	default:
		return false
	}
}

func plainURI(level validator.FieldLevel) bool {
	uri, err := url.Parse(level.Field().String())

	return err == nil && uri.Fragment == "" && !strings.Contains(uri.Path, ";") && !hasDotDotInQuery(uri)
}

func hasDotDotInQuery(uri *url.URL) bool {
	query, err := url.QueryUnescape(uri.RawQuery)

	return err != nil || strings.Contains(query, "..")
}

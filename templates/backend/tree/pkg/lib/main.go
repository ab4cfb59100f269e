// Package main is the shared library that Python loads. The exports of the endpoints are generated.
package main

func main() {}

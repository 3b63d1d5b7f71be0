//go:build !race

package cli

// raceDetector tells whether the tests run under it.
const raceDetector = false

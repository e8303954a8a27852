// Command pssjudge says what Kubernetes' own Pod Security admission says: it runs the library of the API server over pods.
//
//	pssjudge < PODS    one pod as JSON a line; one JSON object a line comes back:
//	                   {"baseline": [minors that admit it], "restricted": [...]} or {"error": why it is no pod}
//	pssjudge --version
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"
)

const (
	exitFailed  = 2
	lastMinor   = 37
	longestLine = 1 << 24
)

type verdict struct {
	Baseline   []int  `json:"baseline"`
	Restricted []int  `json:"restricted"`
	Error      string `json:"error,omitempty"`
}

func judge(evaluator policy.Evaluator, line []byte) verdict {
	pod := corev1.Pod{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(line, &pod); err != nil {
		return verdict{Error: err.Error()}
	}
	for i := range pod.Spec.Volumes { // the API server's default, which the library is given after
		if source := &pod.Spec.Volumes[i].VolumeSource; *source == (corev1.VolumeSource{}) {
			source.EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
	admitting := func(level api.Level) []int {
		minors := []int{}
		for minor := 0; minor <= lastMinor; minor++ {
			version := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
			if policy.AggregateCheckResults(evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec)).Allowed {
				minors = append(minors, minor)
			}
		}
		return minors
	}
	return verdict{Baseline: admitting(api.LevelBaseline), Restricted: admitting(api.LevelRestricted)}
}

func run() error {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(judge(evaluator, lines.Bytes())); err != nil {
			return err
		}
	}
	return lines.Err()
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "k8s.io/pod-security-admission" {
				return module.Version
			}
		}
	}
	return "unknown"
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println("pssjudge (pod-security-admission " + version() + ")")
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "pssjudge:", err)
		os.Exit(exitFailed)
	}
}

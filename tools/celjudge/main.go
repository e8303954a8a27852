// Command celjudge says what the API server says of objects under ValidatingAdmissionPolicies: it runs the API
// server's own CEL compiler and evaluator.
//
//	celjudge [-kubernetes 1.30] [-operation CREATE] POLICIES.json < OBJECTS
//
// POLICIES.json is a list of ValidatingAdmissionPolicies; one object as JSON stands on a line. One JSON object a line
// comes back: {"denied": {policy: message}, "cost": of the dearest policy} or {"error": why it is no object}.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
)

const (
	exitFailed  = 2
	longestLine = 1 << 24
	garbage     = 400 // percent of what is in use: a short run with much memory to spare
)

type verdict struct {
	Denied map[string]string `json:"denied"`
	Cost   int64             `json:"cost"`
	Error  string            `json:"error,omitempty"`
}

func judge(policies []policy, line []byte, operation string) verdict {
	forms, err := decode(line)
	if err != nil {
		return verdict{Error: "object: " + err.Error()}
	}
	answer := verdict{Denied: map[string]string{}}
	for _, one := range policies {
		var said *string
		for _, form := range forms {
			message, cost, err := one.judge(form, operation)
			if err != nil {
				return verdict{Error: one.name + ": " + err.Error()}
			}
			if said != nil && (*said == "") != (message == "") { // the order of a map is nobody's promise
				return verdict{Error: fmt.Sprintf("%s: %q of the typed object, %q of the untyped", one.name, *said, message)}
			}
			said, answer.Cost = &message, max(answer.Cost, cost)
		}
		if *said != "" {
			answer.Denied[one.name] = *said
		}
	}
	return answer
}

func run(file, kubernetes, operation string) error {
	policies, err := load(file, kubernetes)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(judge(policies, lines.Bytes(), operation)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "k8s.io/apiserver" {
				return module.Version
			}
		}
	}
	return "unknown"
}

func main() {
	debug.SetGCPercent(garbage)
	kubernetes := flag.String("kubernetes", "1.37", "the API server's version")
	operation := flag.String("operation", "CREATE", "what is done to the objects")
	says := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *says {
		fmt.Println("celjudge (apiserver " + version() + ")")
		return
	}
	if err := run(flag.Arg(0), *kubernetes, *operation); err != nil {
		fmt.Fprintln(os.Stderr, "celjudge:", err)
		os.Exit(exitFailed)
	}
}

// Command dockerlint does offline what `docker build --check` does: it runs BuildKit's own parser, stage
// resolution and lint rules over Dockerfiles, without an engine and without a registry.
//
//	dockerlint FILE...      one JSON object a line for each finding; exit code 1 when there is one, 2 when a file does not parse
//	dockerlint --dump FILE  the file as BuildKit's grammar reads it, as JSON
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

const (
	exitFindings = 1
	exitFailed   = 2
)

type finding struct {
	File    string `json:"file"`
	Rule    string `json:"rule"`
	Line    int32  `json:"line"`
	Message string `json:"message"`
	URL     string `json:"url,omitempty"`
}

// emptyImages answers for every base image: it exists, is of the platform asked for, and sets nothing but PATH.
type emptyImages struct{}

func (emptyImages) ResolveImageConfig(
	_ context.Context, ref string, opt sourceresolver.Opt,
) (string, digest.Digest, []byte, error) {
	platform := platforms.DefaultSpec()
	if opt.ImageOpt != nil && opt.ImageOpt.Platform != nil {
		platform = *opt.ImageOpt.Platform
	}
	config, err := json.Marshal(ocispecs.Image{
		Platform: platform,
		Config:   ocispecs.ImageConfig{Env: []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}},
	})
	return ref, digest.FromBytes(config), config, err
}

func lint(file string, text []byte) ([]finding, error) {
	platform := platforms.Normalize(ocispecs.Platform{OS: "linux", Architecture: "amd64"})
	source := llb.NewSourceMap(nil, file, "Dockerfile", text)
	source.Definition = &llb.Definition{}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), text, dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{BuildPlatforms: []ocispecs.Platform{platform}},
		SourceMap:      source,
		TargetPlatform: &platform,
		MetaResolver:   emptyImages{},
	})
	if err != nil {
		return nil, err
	}
	findings := make([]finding, 0, len(results.Warnings))
	for _, warning := range results.Warnings {
		findings = append(findings, finding{file, warning.RuleName, line(warning.Location), warning.Detail, warning.URL})
	}
	if results.Error != nil {
		findings = append(findings, finding{File: file, Rule: "error", Line: line(&results.Error.Location), Message: results.Error.Message})
		return findings, errors.New(results.Error.Message)
	}
	return findings, nil
}

func line(location *pb.Location) int32 {
	if location == nil || len(location.Ranges) == 0 || location.Ranges[0].Start == nil {
		return 0
	}
	return location.Ranges[0].Start.Line
}

func lintAll(files []string) int {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	code := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, "dockerlint:", err)
			code = exitFailed
			continue
		}
		findings, err := lint(file, text)
		for _, found := range findings {
			if err := encoder.Encode(found); err != nil {
				return exitFailed
			}
		}
		switch {
		case err != nil:
			code = exitFailed
		case len(findings) > 0:
			code = max(code, exitFindings)
		}
	}
	return code
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/moby/buildkit" {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return "unknown"
}

func main() {
	args := os.Args[1:]
	switch {
	case len(args) == 1 && args[0] == "--version":
		fmt.Println("dockerlint (BuildKit " + version() + ")")
	case len(args) == 2 && args[0] == "--dump":
		os.Exit(dump(args[1]))
	case len(args) == 0 || strings.HasPrefix(args[0], "-"):
		fmt.Fprintln(os.Stderr, "usage: dockerlint FILE... | dockerlint --dump FILE | dockerlint --version")
		os.Exit(exitFailed)
	default:
		os.Exit(lintAll(args))
	}
}

// Command commands prints the command tree of kubectl or kubeadm as JSON.
//
// It builds the same cobra tree as the real program does and walks it; no command runs.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/logs"
	"k8s.io/klog/v2"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app/cmd"
)

type flagEntry struct {
	Name         string `json:"name"`
	Type         string `json:"type"`
	Short        string `json:"short,omitempty"`
	Default      string `json:"default,omitempty"`
	NoOptDefault string `json:"noOptDefault,omitempty"`
	Required     bool   `json:"required,omitempty"`
	Hidden       bool   `json:"hidden,omitempty"`
	Deprecated   string `json:"deprecated,omitempty"`
	Persistent   bool   `json:"persistent,omitempty"`
}

type commandEntry struct {
	Path        string         `json:"path"`
	Use         string         `json:"use"`
	Aliases     []string       `json:"aliases,omitempty"`
	Runnable    bool           `json:"runnable,omitempty"`
	Args        string         `json:"args,omitempty"`
	MinArgs     int            `json:"minArgs,omitempty"`
	MaxArgs     *int           `json:"maxArgs,omitempty"`
	ValidArgs   []string       `json:"validArgs,omitempty"`
	Deprecated  string         `json:"deprecated,omitempty"`
	Hidden      bool           `json:"hidden,omitempty"`
	Exclusive   [][]string     `json:"exclusive,omitempty"`
	OneRequired [][]string     `json:"oneRequired,omitempty"`
	Together    [][]string     `json:"together,omitempty"`
	Flags       []flagEntry    `json:"flags"`
	Commands    []commandEntry `json:"commands,omitempty"`
}

// These are cobra's own names; it keeps the flag groups only as annotations of the flags.
const (
	exclusiveAnnotation   = "cobra_annotation_mutually_exclusive"
	oneRequiredAnnotation = "cobra_annotation_one_required"
	togetherAnnotation    = "cobra_annotation_required_if_others_set"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: commands kubectl|kubeadm")
	}
	tool := os.Args[1]
	os.Args = []string{tool} // kubectl looks at its arguments while it builds the tree
	var root *cobra.Command
	switch tool {
	case "kubectl":
		root = kubectlRoot()
	case "kubeadm":
		root = kubeadmRoot()
	default:
		fail("unknown tool " + tool)
	}
	root.InitDefaultHelpCmd()
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(describe(root)); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "commands: "+message)
	os.Exit(1)
}

// kubectlRoot does what cmd/kubectl and component-base/cli.Run do before they execute.
func kubectlRoot() *cobra.Command {
	root := kubectl.NewDefaultKubectlCommand()
	root.SetGlobalNormalizationFunc(cliflag.WordSepNormalizeFunc)
	logs.AddFlags(root.PersistentFlags())
	return root
}

// kubeadmRoot does what cmd/kubeadm/app.Run does before it executes.
func kubeadmRoot() *cobra.Command {
	var all, kept flag.FlagSet
	klog.InitFlags(&all)
	all.VisitAll(func(f *flag.Flag) {
		if f.Name == "v" || f.Name == "vmodule" {
			kept.Var(f.Value, f.Name, f.Usage)
		}
	})
	pflag.CommandLine.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	pflag.CommandLine.AddGoFlagSet(&kept)
	return kubeadm.NewKubeadmCommand(os.Stdin, os.Stdout, os.Stderr)
}

func describe(command *cobra.Command) commandEntry {
	command.InitDefaultHelpFlag()
	command.InitDefaultVersionFlag()
	entry := commandEntry{
		Path:        command.CommandPath(),
		Use:         command.Use,
		Aliases:     command.Aliases,
		Runnable:    command.Runnable(),
		ValidArgs:   sorted(command.ValidArgs),
		Deprecated:  command.Deprecated,
		Hidden:      command.Hidden,
		Flags:       []flagEntry{},
		Exclusive:   groups(command, exclusiveAnnotation),
		OneRequired: groups(command, oneRequiredAnnotation),
		Together:    groups(command, togetherAnnotation),
	}
	if command.Args != nil {
		entry.Args = checkName(command.Args)
		entry.MinArgs, entry.MaxArgs = argumentRange(command)
	}
	command.LocalFlags().VisitAll(func(f *pflag.Flag) {
		entry.Flags = append(entry.Flags, describeFlag(command, f))
	})
	for _, child := range command.Commands() {
		entry.Commands = append(entry.Commands, describe(child))
	}
	sort.Slice(entry.Commands, func(i, j int) bool {
		return entry.Commands[i].Path < entry.Commands[j].Path
	})
	return entry
}

func describeFlag(command *cobra.Command, f *pflag.Flag) flagEntry {
	required := f.Annotations[cobra.BashCompOneRequiredFlag]
	return flagEntry{
		Name:         f.Name,
		Type:         f.Value.Type(),
		Short:        f.Shorthand,
		Default:      defaultOf(f),
		NoOptDefault: f.NoOptDefVal,
		Required:     len(required) > 0 && required[0] == "true",
		Hidden:       f.Hidden,
		Deprecated:   f.Deprecated,
		Persistent:   command.PersistentFlags().Lookup(f.Name) == f,
	}
}

// defaultOf leaves out zero values, and paths that belong to whoever runs this program.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
		return ""
	}
	if home := os.Getenv("HOME"); home != "" && strings.Contains(f.DefValue, home) {
		return ""
	}
	return f.DefValue
}

// checkName is cobra's name for an argument check, however the compiler inlined it.
func checkName(check cobra.PositionalArgs) string {
	name := runtime.FuncForPC(reflect.ValueOf(check).Pointer()).Name()
	for _, known := range []string{"NoArgs", "MaximumNArgs", "MinimumNArgs", "ExactArgs",
		"RangeArgs", "OnlyValidArgs", "ArbitraryArgs", "MatchAll"} {
		if strings.Contains(name, "."+known) {
			return "cobra." + known
		}
	}
	return name[strings.LastIndex(name, "/")+1:]
}

// sorted is a sorted copy: kubectl and kubeadm list shells in the order of a Go map.
func sorted(words []string) []string {
	result := append([]string(nil), words...)
	sort.Strings(result)
	return result
}

// argumentRange asks the command's own check how many arguments it takes: the number is
// hidden in a closure, and the check does nothing but count.
func argumentRange(command *cobra.Command) (int, *int) {
	const most = 16
	lowest, highest := -1, -1
	for n := 0; n <= most; n++ {
		args := make([]string, n)
		for i := range args {
			args[i] = "x"
		}
		if command.Args(command, args) == nil {
			if lowest < 0 {
				lowest = n
			}
			highest = n
		}
	}
	if lowest < 0 || highest == most {
		return max(lowest, 0), nil
	}
	return lowest, &highest
}

// groups lists the flag groups of one kind. Cobra notes a group on every flag in it.
func groups(command *cobra.Command, annotation string) [][]string {
	seen := map[string]bool{}
	command.Flags().VisitAll(func(f *pflag.Flag) {
		for _, group := range f.Annotations[annotation] {
			seen[group] = true
		}
	})
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	var result [][]string
	for _, name := range names {
		result = append(result, strings.Fields(name))
	}
	return result
}

// Command configs prints schemas of the configuration files that no server knows.
//
// They are read from the Go types that the components decode them into: the JSON tags give the
// fields, the constants of a string type its values. Standard input lists the packages of this
// program, one a line: import path, a space, folder; go list prints that.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	webhook "k8s.io/apiserver/pkg/admission/plugin/webhook/config/apis/webhookadmission/v1"
	apiserver "k8s.io/apiserver/pkg/apis/apiserver/install"
	audit "k8s.io/apiserver/pkg/apis/audit/v1"
	clientauth "k8s.io/client-go/pkg/apis/clientauthentication/install"
	kubeconfig "k8s.io/client-go/tools/clientcmd/api/v1"
	kubectl "k8s.io/kubectl/pkg/config/scheme"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/scheme"
	controllers "k8s.io/kubernetes/pkg/controller/apis/config/scheme"
	kubelet "k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
	proxy "k8s.io/kubernetes/pkg/proxy/apis/config/scheme"
	scheduler "k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
	eventratelimit "k8s.io/kubernetes/plugin/pkg/admission/eventratelimit/apis/eventratelimit/v1alpha1"
	podsecurity "k8s.io/pod-security-admission/admission/api/scheme"
	kind "sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	kustomize "sigs.k8s.io/kustomize/api/types"
)

type schema = map[string]any

// special types write themselves; what they write is the same in every version.
var special = map[string]schema{
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                 {"type": "string"},
	"k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1.BootstrapTokenString": {"type": "string"},
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                     {"type": "string", "format": "date-time"},
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                {"type": "string", "format": "date-time"},
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                 {"x-kubernetes-preserve-unknown-fields": true},
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                 {"oneOf": []schema{{"type": "string"}, {"type": "number"}}},
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                               {"x-int-or-string": true},
	"k8s.io/apimachinery/pkg/runtime.Unknown":                                       {"x-kubernetes-preserve-unknown-fields": true},
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                  {"x-kubernetes-preserve-unknown-fields": true},
	"k8s.io/component-base/logs/api/v1.TimeOrMetaDuration":                          {"x-int-or-string": true},
	"k8s.io/apimachinery/pkg/api/resource.QuantityValue":                            {"$ref": "io.k8s.apimachinery.pkg.api.resource.Quantity"},
}

// openSets have constants for some of their values only, or constants that are no values of the
// field: any string may stand there.
var openSets = map[string]bool{
	"k8s.io/apimachinery/pkg/apis/meta/v1.StatusReason": true,
	"k8s.io/apimachinery/pkg/apis/meta/v1.CauseType":    true,
	// kind also takes "none", and protocols in any case.
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4.ProxyMode":           true,
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4.PortMappingProtocol": true,
}

type walker struct {
	folders     map[string]string
	constants   map[string]map[string][]string
	definitions map[string]schema
}

func main() {
	w := walker{map[string]string{}, map[string]map[string][]string{}, map[string]schema{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if path, folder, ok := strings.Cut(lines.Text(), " "); ok {
			w.folders[path] = folder
		}
	}
	others := runtime.NewScheme()
	apiserver.Install(others)
	clientauth.Install(others)
	for _, add := range []func(*runtime.Scheme) error{
		webhook.AddToScheme, audit.AddToScheme, eventratelimit.AddToScheme,
	} {
		check(add(others))
	}
	kubeletScheme, _, err := kubelet.NewSchemeAndCodecs()
	check(err)
	kinds := map[string]string{
		"v1/Config": w.use(reflect.TypeFor[kubeconfig.Config]()),
		"kustomize.config.k8s.io/v1beta1/Kustomization": w.use(reflect.TypeFor[kustomize.Kustomization]()),
		"kustomize.config.k8s.io/v1alpha1/Component":    w.use(reflect.TypeFor[kustomize.Kustomization]()),
		"kind.x-k8s.io/v1alpha4/Cluster":                w.use(reflect.TypeFor[kind.Cluster]()),
	}
	machinery := reflect.TypeFor[metav1.ListMeta]().PkgPath()
	for _, scheme := range []*runtime.Scheme{kubeadm.Scheme, kubeletScheme, proxy.Scheme,
		scheduler.Scheme, controllers.Scheme, podsecurity.Scheme, kubectl.Scheme, others} {
		for of, typ := range scheme.AllKnownTypes() {
			// Every scheme also knows the options and the watch events of a server.
			if of.Group == "" || of.Version == runtime.APIVersionInternal || typ.PkgPath() == machinery {
				continue
			}
			kinds[of.GroupVersion().String()+"/"+of.Kind] = w.use(typ)
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(schema{"kinds": kinds, "definitions": w.definitions}))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "configs: "+err.Error())
		os.Exit(1)
	}
}

// nameOf is the name that the OpenAPI of a server gives a type.
func nameOf(t reflect.Type) string {
	host, path, _ := strings.Cut(t.PkgPath(), "/")
	parts := strings.Split(host, ".")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ".") + "." + strings.ReplaceAll(path, "/", ".") + "." + t.Name()
}

// use makes sure that a named type has a definition, and gives back its name.
func (w walker) use(t reflect.Type) string {
	name := nameOf(t)
	if _, known := w.definitions[name]; known {
		return name
	}
	if written, ok := special[t.PkgPath()+"."+t.Name()]; ok {
		w.definitions[name] = written
		return name
	}
	properties := schema{}
	w.definitions[name] = schema{"type": "object", "properties": properties} // may refer to itself
	w.fields(t, properties)
	return name
}

func (w walker) fields(t reflect.Type, properties schema) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || (!field.IsExported() && !field.Anonymous) {
			continue
		}
		if strings.Contains(options, "inline") || (field.Anonymous && name == "") {
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			w.fields(inner, properties)
			continue
		}
		if name == "" {
			name = field.Name
		}
		properties[name] = w.describe(field.Type)
	}
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func (w walker) describe(t reflect.Type) schema {
	switch {
	case t.Kind() == reflect.Pointer:
		return w.describe(t.Elem())
	case special[t.PkgPath()+"."+t.Name()]["$ref"] != nil:
		return special[t.PkgPath()+"."+t.Name()]
	case t.Kind() == reflect.Struct:
		if special[t.PkgPath()+"."+t.Name()] == nil && reflect.PointerTo(t).Implements(unmarshaler) {
			check(fmt.Errorf("%s reads itself: say how in the table of special types", t))
		}
		return schema{"$ref": w.use(t)}
	}
	switch t.Kind() {
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int32, reflect.Int64:
		return schema{"type": "integer", "format": t.Kind().String()}
	case reflect.Int, reflect.Int8, reflect.Int16,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return schema{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	case reflect.String:
		if values := w.values(t); len(values) > 1 {
			return schema{"type": "string", "enum": values}
		}
		return schema{"type": "string"}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return schema{"type": "string", "format": "byte"}
		}
		return schema{"type": "array", "items": w.describe(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": w.describe(t.Elem())}
	case reflect.Interface:
		return schema{}
	}
	check(fmt.Errorf("no schema for %s", t))
	return nil
}

// values are the constants of a named string type. A configuration may also leave the field
// empty, which means the default.
func (w walker) values(t reflect.Type) []string {
	path := t.PkgPath()
	if path == "" || openSets[path+"."+t.Name()] {
		return nil
	}
	if w.constants[path] == nil {
		w.constants[path] = constantsIn(w.folders[path])
	}
	found := map[string]bool{"": true}
	for _, value := range w.constants[path][t.Name()] {
		found[value] = true
	}
	var values []string
	for value := range found {
		values = append(values, value)
	}
	sort.Strings(values)
	return values
}

// constantsIn lists the string constants in a folder of Go source by the type they name.
func constantsIn(folder string) map[string][]string {
	found := map[string][]string{}
	packages, err := parser.ParseDir(token.NewFileSet(), folder, nil, 0)
	check(err)
	for _, files := range packages {
		ast.Inspect(files, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			typ, _ := spec.Type.(*ast.Ident)
			for _, value := range spec.Values {
				literal, ok := value.(*ast.BasicLit)
				if typ == nil || !ok || literal.Kind != token.STRING {
					continue
				}
				text, err := strconv.Unquote(literal.Value)
				check(err)
				found[typ.Name] = append(found[typ.Name], text)
			}
			return true
		})
	}
	return found
}

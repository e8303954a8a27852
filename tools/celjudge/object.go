package main

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"
)

// form is an object as an API server hands it to CEL: typed since 1.37, untyped before.
type form struct {
	object          runtime.Object
	kind            schema.GroupVersionKind
	resource        schema.GroupVersionResource
	namespace, name string
}

var known = scheme()

func scheme() *runtime.Scheme {
	made := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme,
		networkingv1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme,
	} {
		if err := add(made); err != nil {
			panic(err)
		}
	}
	return made
}

// decode reads an object as strictly as `kubectl apply` has it read. Kinds that are not in the scheme stay untyped.
func decode(line []byte) ([]form, error) {
	untyped := &unstructured.Unstructured{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(line, &untyped.Object); err != nil {
		return nil, err
	}
	kind := untyped.GroupVersionKind()
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	made := func(object runtime.Object) form {
		return form{object, kind, resource, untyped.GetNamespace(), untyped.GetName()}
	}
	if !known.Recognizes(kind) {
		return []form{made(untyped)}, nil
	}
	typed, err := known.New(kind)
	if err != nil {
		return nil, err
	}
	faults, err := kjson.UnmarshalStrict(line, typed)
	if err != nil || len(faults) > 0 {
		return nil, fmt.Errorf("%v %v", err, faults)
	}
	typed.GetObjectKind().SetGroupVersionKind(kind)
	plain, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return nil, err
	}
	return []form{made(typed), made(&unstructured.Unstructured{Object: plain})}, nil
}

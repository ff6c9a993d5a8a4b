{{- define "agent.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "agent.fullname" -}}
{{ default (printf "%s-%s" .Release.Name (include "agent.name" .)) .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of one daemon set: the suffix stays whole where the name is too long. */}}
{{- define "agent.daemonSetName" -}}
{{- $name := include "agent.fullname" .root -}}
{{- if .daemonSet.nameSuffix -}}
{{ $name | trunc (int (sub 62 (len .daemonSet.nameSuffix))) | trimSuffix "-" }}-{{ .daemonSet.nameSuffix }}
{{- else -}}
{{ $name }}
{{- end -}}
{{- end }}

{{- define "agent.selectorLabels" -}}
app.kubernetes.io/name: {{ include "agent.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "agent.labels" -}}
{{ include "agent.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "agent.image" -}}
{{- if .Values.image.override -}}
{{ .Values.image.override }}
{{- else -}}
{{ required "image.containerRegistry is empty: set it to the registry that you pushed the image to, or image.override to the image's whole reference" .Values.image.containerRegistry }}/{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end }}

{{/* Flags and values, a list item each. */}}
{{- define "agent.args" -}}
{{- range $flag, $value := . }}
{{- if kindIs "slice" $value }}
{{- range $value }}
- {{ $flag | quote }}
- {{ . | toString | quote }}
{{- end }}
{{- else }}
- {{ $flag | quote }}
{{- if ne (toString $value) "" }}
- {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Kubernetes refuses a privileged container that may not escalate its privileges. */}}
{{- define "agent.securityContext" -}}
{{- if .privileged -}}
{{ omit . "allowPrivilegeEscalation" | toYaml }}
{{- else -}}
{{ toYaml . }}
{{- end -}}
{{- end }}

{{/* What listening on port 80 takes, and no more. */}}
{{- define "agent.leastPrivilege" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
seccompProfile:
  type: RuntimeDefault
capabilities:
  drop: [ALL]
  add: [NET_BIND_SERVICE]
{{- end }}

{{/* Whether the agent has an account at the API server. */}}
{{- define "agent.hasAccount" -}}
{{- if or .Values.tokenVerification.enabled .Values.podLivenessCheck.enabled -}}true{{- end -}}
{{- end }}

{{- define "agent.serviceAccountName" -}}
{{- if and .Values.podLivenessCheck.enabled (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
{{ fail "podLivenessCheck.enabled needs an account of the agent's own: set serviceAccount.create, or serviceAccount.name to one that exists" }}
{{- end -}}
{{ default (ternary (include "agent.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

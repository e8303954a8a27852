"""A Deployment and a Secret with a secret in every place that looks like one."""

from __future__ import annotations

import json

from hostile.canaries import CONTROL, canary, sharp, token
from hostile.spellings import coded, double_quoted, indented, jwt, private_key, single_quoted

POD = f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {{{token("kkey")}: "1"}}
  annotations:
    greeting: {CONTROL}
    link: https://shop:{canary("kann")}@example.com
    kubectl.kubernetes.io/last-applied-configuration: |
      {{"spec":{{"containers":[{{"env":[{{"name":"DB_PASSWORD","value":"{canary("klast")}"}}]}}]}}}}
spec:
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1
          args: [--password={canary("karg")}, --api-token, {canary("kargs")}]
          command:
            - sh
            - -c
            - curl -H 'Authorization: Bearer {canary("kbear")}' -u shop:{canary("kcurl")} http://a
            - --secret-key
            - {canary("kitem")}
          # DB_PASSWORD: {canary("kcomm")}
          env:
            - name: DB_PASSWORD
              value: {canary("kblock")}
            - {{name: API_TOKEN, value: {double_quoted(sharp("kflow"))}}}
            - value: {single_quoted(sharp("krev"))}
              name: DB_PASSWD
            - name: ADMIN_PASSWORD
              value: |
                {canary("klit1")}
                {canary("klit2")}
            - name: FOLDED_PASSWORD
              value: >-
                {canary("kfold1")}
                {canary("kfold2")}
            - name: WORDS_PASSWORD
              value: {canary("kword1")} and {canary("kword2")}, {canary("kword3")}
            - name: DOLLAR_PASSWORD
              value: pa$${canary("kdoll")}%
            - {{name: DATABASE_URL, value: "postgres://shop:{canary("kurl")}@db/shop"}}
            - {{name: ODBC, value: "Server=db;User Id=sa;Password={canary("kodbc")};Encrypt=true"}}
            - {{name: STORAGE, value: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={canary("kazure")}=="}}
            - {{name: A, value: {token("ktok")}}}
            - {{name: B, value: {jwt("kjwt")}}}
            - {{name: AA_TOKEN, value: &anchored {canary("kanch")}}}
          unknownField: {{password: {canary("kunkn")}}}
          readinessProbe:
            httpGet:
              port: 80
              httpHeaders: [{{name: Authorization, value: Basic {coded("shop:" + canary("kbasic"))}}}]
"""
SECRET = f"""apiVersion: v1
kind: Secret
metadata: {{name: shop, unknown: 1}}
stringData:
  anything: {canary("sstr")}
  "tls.key": |
{indented(private_key("spem"), 4)}  long: >-
    {canary("sfold")}
    words
data:
  coded: {coded(canary("sdata"))}
  .dockerconfigjson: {coded(json.dumps({"auths": {"ghcr.io": {"auth": coded("u:" + canary("sdock"))}}}))}
---
apiVersion: v1
kind: Secret
metadata: {{name: flow}}
stringData: {{anything: {canary("sflow")}, more: {double_quoted(sharp("ssharp"))}}}
data: {{b: {coded(canary("sflowd"))}}}
---
apiVersion: v1
kind: List
items:
- kind: Secret
  apiVersion: v1
  metadata: {{name: item}}
  stringData:
    anything: {canary("slist")}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop, greeting: {CONTROL}}}
data:
  password: {canary("cmap")}
  application.properties: |
    spring.datasource.password={canary("cprop")}
    spring.datasource.url=jdbc:postgresql://db/shop?user=a&password={canary("cjdbc")}&ssl=true
  config.yaml: |
    db:
      password: {canary("cyaml")}
  key.pem: |
{indented(private_key("cpem"), 4)}"""

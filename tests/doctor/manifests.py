"""Manifests of a small cluster, and facts with them."""

from collections.abc import Iterable
from typing import Any

from tests.doctor.deployments import COLLECTS, DOCKER, site
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import Tree

CONFIGURATION = """
apiVersion: v1
kind: ConfigMap
metadata: {name: nginx}
data:
  default.conf: |
    server {
      location /static/ { alias /files/; }
      location / { proxy_pass http://127.0.0.1:8000; }
    }
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: shop}
spec:
  selector: {app: shop}
  ports: [{port: 80, targetPort: %s}]
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations: {%s}
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - path: %s
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
"""
COLLECT = (
    "[{name: collect, image: shop, command: [python, manage.py, collectstatic], "
    "volumeMounts: [{name: v, mountPath: /app/staticfiles}]}]"
)
EMPTY, CLAIM = "emptyDir: {}", "persistentVolumeClaim: {claimName: files}"


def pod(
    app: str = "",
    front: str = "",
    volume: str = EMPTY,
    before: str = "[]",
    image: str = "nginx:1.27",
    kind: str = "Deployment",
) -> str:
    """An application and a web server; `app` and `front` are where they mount the volume, empty for nowhere."""
    mounts = [f"[{{name: v, mountPath: {each}}}]" if each else "[]" for each in (app, front)]
    return f"""
apiVersion: apps/v1
kind: {kind}
metadata: {{name: shop}}
spec:
  template:
    metadata:
      labels: {{app: shop}}
    spec:
      initContainers: {before}
      containers:
        - name: django
          image: registry.example/shop:1
          ports: [{{containerPort: 8000}}]
          volumeMounts: {mounts[0]}
        - name: front
          image: {image}
          ports: [{{containerPort: 80, name: http}}]
          volumeMounts: {mounts[1]}
      volumes:
        - name: v
          {volume}
"""


def papers(*documents: str) -> Tree:
    """All of them in one file."""
    return Tree("/srv/shop", {"k8s/shop.yaml": "\n---\n".join(documents)})


def deployed(*documents: str, collects: bool = True, files: Iterable[tuple[str, str]] = (), **given: Any) -> Fake:
    """A project whose image has its collected files in /app/staticfiles."""
    image = {"Dockerfile": DOCKER + (COLLECTS if collects else "")}
    return site(image | dict(files), papers=papers(*documents), **given)

import type { KubeStore, Resource } from "./kube-store.ts";

type Rule = { apiGroups?: string[]; resources?: string[]; verbs?: string[] };
type Binding = {
  metadata: { name: string };
  subjects?: { kind: string; name: string }[];
  roleRef?: { kind: string; name: string };
};

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };

/** Whether roles and bindings in the store let somebody do this. `admin` may do everything. */
export function isAllowed(
  store: KubeStore,
  user: string,
  verb: string,
  resource: Resource,
  subresource: string,
  namespace: string,
): boolean {
  if (user === "admin") return true;
  const name = subresource === "" ? resource.name : `${resource.name}/${subresource}`;
  return rulesOf(store, user, namespace).some(
    (rule) =>
      has(rule.apiGroups, resource.group) && has(rule.resources, name) && has(rule.verbs, verb),
  );
}

function rulesOf(store: KubeStore, user: string, namespace: string): Rule[] {
  const everywhere = bindings(store, "clusterrolebindings", undefined);
  const here = namespace === "" ? [] : bindings(store, "rolebindings", namespace);
  return [...everywhere, ...here]
    .filter(({ subjects }) => subjects?.some(({ kind, name }) => kind === "User" && name === user))
    .flatMap(({ roleRef }) => {
      if (!roleRef) return [];
      const isCluster = roleRef.kind === "ClusterRole";
      const resource = { ...rbac, name: isCluster ? "clusterroles" : "roles" };
      const role = store.get(resource, isCluster ? "" : namespace, roleRef.name);
      // What was created as a role has rules.
      return (role.rules ?? []) as Rule[];
    });
}

function bindings(store: KubeStore, name: string, namespace: string | undefined): Binding[] {
  // What was created as a binding is one.
  return store.list({ ...rbac, name }, namespace) as unknown as Binding[];
}

function has(list: readonly string[] | undefined, wanted: string): boolean {
  return list?.some((item) => item === "*" || item === wanted) ?? false;
}

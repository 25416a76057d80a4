/** An object of the fake cluster, in the form of its JSON. */
export type KubeObject = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<
    Record<string, unknown>
  >;
} & Readonly<Record<string, unknown>>;

/** Where objects of a kind live: `pods`, `apps/deployments`. */
export type Resource = {
  readonly group: string;
  readonly version: string;
  readonly name: string;
};

export type StoreChange = {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: string;
  readonly namespace: string;
  readonly object: KubeObject;
  readonly version: number;
};

/** A refusal, as the API answers it. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

// Created with a status of their own; of the others it is dropped, as the API server does.
const keepsStatus = new Set(["nodes", "events", "endpoints", "namespaces"]);
const countsGenerations = new Set(["deployments", "statefulsets", "daemonsets"]);

/** The objects of a cluster, with one counter of versions, as etcd has it. */
export class KubeStore {
  readonly #objects = new Map<string, KubeObject>();
  readonly #changes: StoreChange[] = [];
  readonly #watchers = new Set<(change: StoreChange) => void>();
  #version = 1;

  get version(): number {
    return this.#version;
  }

  /** In the order of namespace and name. */
  list(resource: Resource, namespace: string | undefined): KubeObject[] {
    const prefix = `${keyOf(resource)}/${namespace === undefined ? "" : `${namespace}/`}`;
    return [...this.#objects.entries()]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object);
  }

  get(resource: Resource, namespace: string, name: string): KubeObject {
    const object = this.#objects.get(`${keyOf(resource)}/${namespace}/${name}`);
    if (object) return object;
    throw new StatusError(404, "NotFound", `${groupedName(resource)} "${name}" not found`);
  }

  create(resource: Resource, namespace: string, wanted: KubeObject): KubeObject {
    const { name } = wanted.metadata;
    const key = `${keyOf(resource)}/${namespace}/${name}`;
    if (this.#objects.has(key)) {
      const message = `${groupedName(resource)} "${name}" already exists`;
      throw new StatusError(409, "AlreadyExists", message);
    }
    if (namespace !== "" && resource.name !== "namespaces") {
      this.get({ group: "", version: "v1", name: "namespaces" }, "", namespace);
    }
    const { status, ...bare } = wanted;
    const metadata = {
      ...wanted.metadata,
      ...(namespace === "" ? {} : { namespace }),
      uid: `uid-${this.#version}`,
      creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      ...(countsGenerations.has(resource.name) ? { generation: 1 } : {}),
    };
    const first = keepsStatus.has(resource.name) ? { status } : firstStatus(resource.name);
    return this.#put("ADDED", key, resource, namespace, { ...bare, ...first, metadata });
  }

  /**
   * @param change makes the new object of the one there is.
   * @param version the one that the change is based on, if it is said; 409 when it is not the last.
   */
  update(
    resource: Resource,
    at: { readonly namespace: string; readonly name: string; readonly isStatus: boolean },
    change: (before: KubeObject) => KubeObject,
    version?: string,
  ): KubeObject {
    const before = this.get(resource, at.namespace, at.name);
    if (version !== undefined && version !== before.metadata.resourceVersion) {
      const message = `Operation cannot be fulfilled on ${groupedName(resource)} "${at.name}": the object has been modified; please apply your changes to the latest version and try again`;
      throw new StatusError(409, "Conflict", message);
    }
    const wanted = change(before);
    const after: KubeObject = at.isStatus
      ? { ...before, status: wanted.status }
      : { ...wanted, ...(keepsStatus.has(resource.name) ? {} : { status: before.status }) };
    const isNewSpec = JSON.stringify(after.spec) !== JSON.stringify(before.spec);
    const generation =
      countsGenerations.has(resource.name) && isNewSpec
        ? { generation: Number(before.metadata.generation ?? 0) + 1 }
        : {};
    const { uid, creationTimestamp } = before.metadata;
    const metadata = { ...after.metadata, uid, creationTimestamp, ...generation };
    const key = `${keyOf(resource)}/${at.namespace}/${at.name}`;
    return this.#put("MODIFIED", key, resource, at.namespace, { ...after, metadata });
  }

  delete(resource: Resource, namespace: string, name: string): KubeObject {
    const object = this.get(resource, namespace, name);
    this.#objects.delete(`${keyOf(resource)}/${namespace}/${name}`);
    this.#version++;
    this.#tell({
      type: "DELETED",
      resource: keyOf(resource),
      namespace,
      object,
      version: this.#version,
    });
    return object;
  }

  /** Tells what happened after a version, and then what happens, until disposed. */
  watch(after: number, tell: (change: StoreChange) => void): Disposable {
    for (const change of this.#changes) if (change.version > after) tell(change);
    this.#watchers.add(tell);
    return { [Symbol.dispose]: () => void this.#watchers.delete(tell) };
  }

  #put(
    type: "ADDED" | "MODIFIED",
    key: string,
    resource: Resource,
    namespace: string,
    object: KubeObject,
  ): KubeObject {
    this.#version++;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    const stored = { ...object, metadata };
    this.#objects.set(key, stored);
    const version = this.#version;
    this.#tell({ type, resource: keyOf(resource), namespace, object: stored, version });
    return stored;
  }

  #tell(change: StoreChange): void {
    this.#changes.push(change);
    if (this.#changes.length > 1_000) this.#changes.shift();
    for (const watcher of this.#watchers) watcher(change);
  }
}

export function keyOf({ group, name }: Resource): string {
  return group === "" ? name : `${group}/${name}`;
}

function groupedName({ group, name }: Resource): string {
  return group === "" ? name : `${name}.${group}`;
}

function firstStatus(resource: string): object {
  if (resource === "pods") return { status: { phase: "Pending" } };
  return countsGenerations.has(resource) ? { status: {} } : {};
}

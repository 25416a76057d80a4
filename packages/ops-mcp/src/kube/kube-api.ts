import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { ConfigError } from "@resonance/kit";
import { backendError, statusError } from "../backends/backend-error.ts";
import type { BackendConfig } from "../backends/config.ts";
import { readBounded } from "../backends/read-bounded.ts";
import { ToolError } from "../tool.ts";

/**
 * The Kubernetes API, for reading. The client library finds the cluster and the credential; the
 * requests are our own, since every one of them needs a signal, a time limit and a bound on what is
 * read, and logs have to stream.
 */
export type KubeApi = {
  /** The only namespaces that are looked at; the first is the default. */
  readonly namespaces: readonly string[];
  /** @throws ToolError, or the reason of an aborted signal. */
  get(path: string, query: KubeQuery, signal: AbortSignal): Promise<unknown>;
  /** The body as it comes, for logs. Bounded by whoever reads it. */
  stream(path: string, query: KubeQuery, signal: AbortSignal): AsyncIterable<Buffer>;
};

export type KubeQuery = Readonly<Record<string, string | number | boolean | undefined>>;

const name = "Kubernetes";
const answerTimeoutMs = 15_000;
const maxMebibytes = 64;

/**
 * The API that the configuration names, or undefined when it names none.
 *
 * @param root the folder under which a pod's service account lies at its usual path.
 * @throws ConfigError where the configuration names a cluster that cannot be known from here.
 */
export function openKubeApi(config: BackendConfig, root = ""): KubeApi | undefined {
  const kubeConfig = readKubeConfig(config, root);
  return kubeConfig && kubeApiOf(kubeConfig, config.RESONANCE_KUBERNETES_NAMESPACES);
}

/** Merges into one object: the only write, for restarts alone. */
export type KubePatch = (path: string, body: object, signal: AbortSignal) => Promise<void>;

/** The right to restart workloads, where the configuration gives it. */
export function openKubePatch(config: BackendConfig): KubePatch | undefined {
  if (config.RESONANCE_KUBERNETES_RESTARTS === "off") return undefined;
  const kubeConfig = readKubeConfig(config);
  if (!kubeConfig) return undefined;
  return async (path, body, signal) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
    try {
      await readAll(await open(kubeConfig, path, {}, limited, body));
    } catch (error) {
      signal.throwIfAborted();
      throw backendError(name, error);
    }
  };
}

function readKubeConfig(config: BackendConfig, root = ""): KubeConfig | undefined {
  const { RESONANCE_KUBERNETES: how, RESONANCE_KUBERNETES_CONTEXT: context } = config;
  if (how === "off") return undefined;
  const kubeConfig = new KubeConfig();
  try {
    if (how === "in-cluster") kubeConfig.loadFromCluster(root);
    else if (config.RESONANCE_KUBERNETES_CONFIG === undefined) kubeConfig.loadFromDefault();
    else kubeConfig.loadFromFile(config.RESONANCE_KUBERNETES_CONFIG);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the kubeconfig cannot be read: ${why}`, { cause });
  }
  if (context !== undefined) kubeConfig.setCurrentContext(context);
  const server = kubeConfig.getCurrentCluster()?.server;
  if (how === "in-cluster" && !URL.canParse(server ?? "")) {
    throw new ConfigError("RESONANCE_KUBERNETES is in-cluster, and this is no pod of a cluster");
  }
  return kubeConfig;
}

/** The API of a cluster that is known already. */
export function kubeApiOf(kubeConfig: KubeConfig, namespaces: readonly string[]): KubeApi {
  return {
    namespaces,
    async get(path, query, signal) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
      try {
        const response = await open(kubeConfig, path, query, limited);
        return JSON.parse(await readAll(response));
      } catch (error) {
        signal.throwIfAborted();
        throw backendError(name, error);
      }
    },
    async *stream(path, query, signal) {
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(timeoutReason()), answerTimeoutMs);
      try {
        const response = await open(
          kubeConfig,
          path,
          query,
          AbortSignal.any([signal, silence.signal]),
        );
        for await (const chunk of response) {
          timer.refresh();
          yield chunk as Buffer;
        }
      } catch (error) {
        signal.throwIfAborted();
        throw backendError(name, silence.signal.aborted ? silence.signal.reason : error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function timeoutReason(): Error {
  return new DOMException("no answer", "TimeoutError");
}

async function open(
  kubeConfig: KubeConfig,
  path: string,
  query: KubeQuery,
  signal: AbortSignal,
  patch?: object,
): Promise<IncomingMessage> {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined)
    throw new ToolError("not_configured", "the kubeconfig names no cluster");
  const url = new URL(`${server.replace(/\/+$/, "")}${path}`);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const options: RequestOptions = {
    method: patch ? "PATCH" : "GET",
    headers: {
      accept: "application/json, */*",
      ...(patch ? { "content-type": "application/strategic-merge-patch+json" } : {}),
    },
  };
  await kubeConfig.applyToHTTPSOptions(options);
  signal.throwIfAborted();
  const response = await send(url, { ...options, signal }, patch && JSON.stringify(patch));
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw statusError(name, status, messageOf(await readAll(response)));
}

function send(url: URL, options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === "https:"
        ? httpsRequest(url, options, resolve)
        : // The agent of the options speaks TLS.
          httpRequest(url, { ...options, agent: undefined }, resolve);
    request.once("error", (error) =>
      reject(options.signal?.aborted ? options.signal.reason : error),
    );
    request.end(body);
  });
}

function readAll(response: IncomingMessage): Promise<string> {
  return readBounded(response, name, maxMebibytes);
}

/** The `message` of a Status; of anything else nothing is told. */
function messageOf(body: string): string {
  try {
    const status: unknown = JSON.parse(body);
    const message: unknown =
      status !== null && typeof status === "object" ? Reflect.get(status, "message") : undefined;
    return typeof message === "string" ? message : "";
  } catch (error) {
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}

import type { ServerResponse } from "node:http";

/** A line that a container wrote. */
export type ContainerLine = { readonly at: string; readonly text: string | Buffer };

/** What containers have written, by namespace, pod and container. */
export class KubeLogs {
  readonly #lines = new Map<string, readonly ContainerLine[]>();

  set(
    where: { namespace: string; pod: string; container: string; previous?: boolean },
    lines: readonly ContainerLine[],
  ): void {
    this.#lines.set(keyOf(where), lines);
  }

  /**
   * Answers as a kubelet does: `sinceTime`, `sinceSeconds`, `timestamps`, `tailLines`, `limitBytes`.
   * Gives what a kubelet says when there is no previous log, and answers nothing then.
   */
  serve(
    where: { namespace: string; pod: string; container: string },
    parameters: URLSearchParams,
    response: ServerResponse,
  ): string | undefined {
    const previous = parameters.get("previous") === "true";
    const lines = this.#lines.get(keyOf({ ...where, previous }));
    if (!lines && previous) {
      return `previous terminated container "${where.container}" in pod "${where.pod}" not found`;
    }
    response.writeHead(200, { "content-type": "text/plain" });
    response.end(bodyOf(lines ?? [], parameters));
    return undefined;
  }
}

function bodyOf(lines: readonly ContainerLine[], parameters: URLSearchParams): Buffer {
  const seconds = parameters.get("sinceSeconds");
  const sinceMs =
    seconds === null
      ? Date.parse(parameters.get("sinceTime") ?? "1970-01-01T00:00:00Z")
      : Date.now() - Number(seconds) * 1_000;
  const young = lines.filter(({ at }) => Date.parse(at) >= sinceMs);
  const tail = parameters.get("tailLines");
  const chosen = tail === null ? young : young.slice(-Number(tail));
  const stamped = parameters.get("timestamps") === "true";
  const body = Buffer.concat(
    chosen.flatMap(({ at, text }) => [
      Buffer.from(stamped ? `${at} ` : ""),
      Buffer.from(text),
      Buffer.from("\n"),
    ]),
  );
  const limit = parameters.get("limitBytes");
  return limit === null ? body : body.subarray(0, Number(limit));
}

function keyOf(where: {
  namespace: string;
  pod: string;
  container: string;
  previous?: boolean;
}): string {
  return `${where.namespace}/${where.pod}/${where.container}/${where.previous ?? false}`;
}

import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { ConfigError } from "@resonance/kit";
import sirv from "sirv";
import { contentSecurityPolicy } from "./security-headers.ts";

// Vite puts a hash of the content into these names.
const hashedAsset = /^\/assets\/[\w.-]+\.\w+$/;

/**
 * Serves the built web page: paths without an extension get `index.html`. Without a folder, a plain
 * page says so.
 *
 * @throws ConfigError when the folder holds no page.
 */
export function serveWeb(
  root: string | undefined,
): (request: IncomingMessage, response: ServerResponse) => void {
  if (root === undefined) return sayThatThereIsNoPage;
  if (!existsSync(join(root, "index.html"))) {
    throw new ConfigError(`RESONANCE_WEB_ROOT: there is no index.html in ${root}`);
  }
  const serve = sirv(root, {
    // Looks at the folder at every request: a page built anew while this runs is served whole.
    dev: true,
    etag: true,
    single: true,
    setHeaders: (response, path) =>
      response.setHeader(
        "cache-control",
        hashedAsset.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      ),
  });
  return (request, response) => {
    // sirv throws at ranges that end before they begin, and nobody needs any.
    delete request.headers.range;
    // A file that goes away while it is served must not take the process with it.
    response.once("pipe", (file) => file.once("error", () => response.destroy()));
    response.setHeader("content-security-policy", contentSecurityPolicy(request.headers.host));
    serve(request, response);
  };
}

function sayThatThereIsNoPage(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.statusCode = request.url?.split("?")[0] === "/" ? 200 : 404;
  response.end("This gateway serves no web page: RESONANCE_WEB_ROOT is not set.\n");
}

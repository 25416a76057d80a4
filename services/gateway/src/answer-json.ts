import type { ServerResponse } from "node:http";

/** Ends the response with this body; headers that are set stay. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

import { resolve } from "node:path";
import { z } from "zod";
import { projectFolder } from "./project.ts";

const defaultHome = ".resonance";
const defaultHttpPort = 8080;

/** A relative home lies in the repository's folder, wherever the command was typed. */
const home = z
  .string()
  .default(defaultHome)
  .transform((path) => resolve(projectFolder, path));

/** What `npm run ask` reads. */
export const AskConfig = z.object({
  RESONANCE_HOME: home,
  RESONANCE_PASSWORD: z.string().optional(),
});

/** What `npm start` reads. */
export const StackConfig = z.object({
  RESONANCE_HOME: home,
  RESONANCE_HTTP_PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a port number")
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, "must be between 1 and 65535")
    .default(defaultHttpPort),
  RESONANCE_MYSQL_URL: serverUrl("mysql:", "mysql://user:password@host:3306/database").optional(),
  RESONANCE_NATS_URL: serverUrl("nats:", "nats://host:4222").optional(),
  RESONANCE_NO_INSTALL: z.enum(["0", "1"], "must be 1 (or 0)").optional(),
});

function serverUrl(protocol: string, example: string) {
  return z.string().refine((value) => {
    const url = URL.parse(value);
    return url?.protocol === protocol && url.hostname !== "";
  }, `must look like ${example}`);
}

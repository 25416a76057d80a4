import { z } from "zod";

export type ListenAddress = { readonly host: string; readonly port: number };

/** `host:port`; port 0 takes a free one. */
export const listenAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, "must be host:port")
  .transform((value, context): ListenAddress => {
    const colon = value.lastIndexOf(":");
    const port = Number(value.slice(colon + 1));
    if (port > 65_535) context.addIssue({ code: "custom", message: "the port is over 65535" });
    return { host: value.slice(0, colon).replace(/^\[|\]$/g, ""), port };
  });

const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How much is logged; `info` unless told. */
export const logLevel = z
  .string()
  .toLowerCase()
  .pipe(z.enum(levels, `must be ${levels.join(", ")}`))
  .default("info");

/** A secret of at least 32 bytes. */
export const secret = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= 32, "must have at least 32 bytes");

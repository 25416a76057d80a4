import { generateKeyPairSync, sign } from "node:crypto";

/** PEM, of a server on 127.0.0.1 that vouches for itself. */
export type SelfSigned = { readonly certificate: string; readonly key: string };

/**
 * A certificate as a cluster makes one for its API server, signed by its own key.
 *
 * @param notAfter until when it is valid, from a year before on.
 */
export function selfSigned(notAfter: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const notBefore = new Date(notAfter.getTime() - 365 * 86_400_000);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(isAuthority, isLoopback)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]);
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, signature)).toString("base64");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const ecdsaWithSha256 = sequence(der(0x06, Buffer.from("2a8648ce3d040302", "hex")));

const name = sequence(
  der(0x31, sequence(der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from("cluster")))),
);

const isAuthority = sequence(
  der(0x06, Buffer.from("551d13", "hex")),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
);

const isLoopback = sequence(
  der(0x06, Buffer.from("551d11", "hex")),
  der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))),
);

function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\D/g, "");
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
